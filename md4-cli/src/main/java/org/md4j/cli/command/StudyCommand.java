package org.md4j.cli.command;

import org.md4j.cli.machine.Versions;
import picocli.CommandLine.Command;

/** Groups the measurements that docs/sampling.md and docs/results.md quote. */
@Command(
    name = "study",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    synopsisSubcommandLabel = "WHAT",
    description = "Measure what samplers are worth on a trained network, and models on one text.")
public final class StudyCommand {}
