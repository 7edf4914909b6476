package org.md4j.cli;

import org.md4j.cli.support.Versions;
import picocli.CommandLine.Command;

/** Groups the measurements that docs/sampling.md and docs/results.md quote. */
@Command(
    name = "study",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    synopsisSubcommandLabel = "WHAT",
    description = "Measure what samplers are worth on a trained network, and models on one text.")
final class StudyCommand {}
