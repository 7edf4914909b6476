package org.md4j.cli.study;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import org.md4j.cli.option.FlagNames;
import org.md4j.compute.Precision;
import org.md4j.core.RowSource;

/**
 * The table of models with what it was made from.
 *
 * @param preset of every run
 * @param validation the rows' source
 * @param measured on which rows
 * @param precision the networks computed in when they were measured; a run that was found may have
 *     been trained in another
 * @param rows every run, at least one; of all models the same seeds in the same order
 * @param gradientBatches batches over which the gradients' noise was measured; 0 for not at all
 */
public record ModelReport(
    String preset,
    RowSource validation,
    CommonRows measured,
    Precision precision,
    List<ModelRow> rows,
    int gradientBatches) {
  /** Takes the rows as they are now. */
  public ModelReport {
    rows = List.copyOf(rows);
  }

  /** The table, and a caption that says what the numbers are. */
  public String toMarkdown() {
    List<ModelSeeds> models =
        rows.stream()
            .collect(
                Collectors.groupingBy(ModelRow::model, LinkedHashMap::new, Collectors.toList()))
            .values()
            .stream()
            .map(ModelSeeds::new)
            .toList();
    ModelSeeds reference =
        models.stream().filter(model -> model.model() == StudyModel.MD4).findFirst().orElse(null);
    List<Long> seeds = models.get(0).runs().stream().map(ModelRow::seed).toList();
    return """
    | model | steps | network evaluations | parameters | bits/char | difference to md4 | w: least, mean, greatest |%s
    |---|---|---|---|---|---|---|%s
    %s

    Preset %s, %s. Network evaluations are rows given to the network in training. Bits/char is of the EMA weights on the
    same %,d rows of %s, sha256 %s, each with %s spread evenly over groups of %d rows; mean ± standard error
    %s. All were measured in %s; what each was trained in is in
    its run's command.txt. Each model is measured by its own bound: md4, genmd4 and
    sedd in continuous time, genmd4 with its learned schedule (w is the power of a symbol), d3pm and md4-discrete in their discrete
    steps. All of these are upper bounds; ar is exact.
    %s"""
        .formatted(
            gradientBatches > 0 ? " gradient noise |" : "",
            gradientBatches > 0 ? "---|" : "",
            models.stream()
                .map(model -> model.toMarkdown(reference, gradientBatches > 0))
                .collect(Collectors.joining("\n")),
            preset,
            seeds.size() == 1
                ? "seed " + seeds.get(0)
                : "seeds "
                    + seeds.stream().map(String::valueOf).collect(Collectors.joining(", "))
                    + " (each in brackets)",
            measured.rows(),
            validation.name(),
            validation.sha256(),
            measured.draws() == 1 ? "1 noise level" : measured.draws() + " noise levels",
            CommonRows.TOGETHER,
            seeds.size() == 1
                ? "over groups, of the difference over the groups' differences"
                : "over seeds, of the difference over the differences of each seed",
            FlagNames.spelled(precision),
            gradientBatches == 0
                ? ""
                : """
                Gradient noise is the variance of a batch's gradient over the squared norm of its expectation, estimated from %d batches, all
                at the EMA weights of md4, seed by seed, and with the schedule before it learns.
                """
                    .formatted(gradientBatches));
  }
}
