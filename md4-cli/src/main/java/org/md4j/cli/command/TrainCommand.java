package org.md4j.cli.command;

import org.md4j.cli.machine.Versions;
import picocli.CommandLine.Command;

/** Groups the training commands, one a kind of data. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    synopsisSubcommandLabel = "KIND",
    description = "Train a model of one kind of data.")
public final class TrainCommand {}
