package org.md4j.train;

/**
 * A report on a run that is about to start.
 *
 * @param parameters number of parameters of the network
 * @param firstStep steps already done: 0, or the checkpoint's
 * @param config the settings
 * @param length N, tokens a row
 * @param replicas threads in use, {@code config.replicas()} with 0 resolved
 * @param computation what the network computes with
 * @param training name of the training data
 * @param validation name of the validation data
 */
public record TrainingStart(
    long parameters,
    int firstStep,
    TrainerConfig config,
    int length,
    int replicas,
    String computation,
    String training,
    String validation) {}
