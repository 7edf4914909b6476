package org.md4j.examples;

import org.md4j.examples.support.Versions;
import picocli.CommandLine.Command;

/** Groups the measurements that docs/sampling.md quotes. */
@Command(
    name = "study",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    synopsisSubcommandLabel = "WHAT",
    description = "Measure what the samplers are worth on a trained network.")
final class StudyCommand {}
