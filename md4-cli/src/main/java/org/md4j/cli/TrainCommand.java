package org.md4j.cli;

import org.md4j.cli.support.Versions;
import picocli.CommandLine.Command;

/** Groups the training commands, one a kind of data. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    synopsisSubcommandLabel = "KIND",
    description = "Train a model of one kind of data.")
final class TrainCommand {}
