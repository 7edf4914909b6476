package org.md4j.examples;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.md4j.examples.study.StudySampler;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A sampler of the study by its name. */
final class StudySamplerConverter implements ITypeConverter<StudySampler> {
  @Override
  public StudySampler convert(String name) {
    return Arrays.stream(StudySampler.values())
        .filter(sampler -> sampler.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'%s' must be one of %s"
                        .formatted(
                            name,
                            Arrays.stream(StudySampler.values())
                                .map(StudySampler::toString)
                                .collect(Collectors.joining(", ")))));
  }
}
