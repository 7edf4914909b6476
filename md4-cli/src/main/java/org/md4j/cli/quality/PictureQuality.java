package org.md4j.cli.quality;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * How close a set of pictures is to a reference. All three depend on how many pictures there are:
 * comparable between sets of equal size only.
 *
 * @param frechetDistance of the pictures' features to the reference's, squared
 * @param precision share of the pictures that look like real ones, in [0, 1]
 * @param recall share of real ones that look like these pictures, in [0, 1]
 */
@JsonNaming(SnakeCaseStrategy.class)
public record PictureQuality(double frechetDistance, double precision, double recall) {}
