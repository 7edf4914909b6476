package org.md4j.examples;

import org.md4j.examples.support.Versions;
import picocli.CommandLine.Command;

/** Groups the training commands, one a kind of data. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    synopsisSubcommandLabel = "KIND",
    description = "Train a model of one kind of data.")
final class TrainCommand {}
