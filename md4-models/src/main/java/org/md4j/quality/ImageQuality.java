package org.md4j.quality;

/**
 * Says how close a set of images is to a reference. All three depend on how many images there are:
 * comparable between sets of equal size only.
 *
 * @param frechetDistance Fréchet distance of the images' features to the reference's, squared
 * @param precision share of the images that look like real ones, in [0, 1]
 * @param recall share of real ones that look like these images, in [0, 1]
 */
public record ImageQuality(double frechetDistance, double precision, double recall) {}
