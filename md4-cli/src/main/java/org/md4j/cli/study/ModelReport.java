package org.md4j.cli.study;

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
 * @param models measured, at least one
 */
public record ModelReport(
    String preset,
    RowSource validation,
    CommonRows measured,
    Precision precision,
    List<ModelRow> models) {
  /** Takes the rows as they are now. */
  public ModelReport {
    models = List.copyOf(models);
  }

  /** The table, and a caption that says what the numbers are. */
  public String toMarkdown() {
    ModelRow reference =
        models.stream().filter(row -> row.model() == StudyModel.MD4).findFirst().orElse(null);
    return """
    | model | steps | network evaluations | parameters | bits/char | difference to md4 | w: least, mean, greatest |
    |---|---|---|---|---|---|---|
    %s

    Preset %s, seed %d. Network evaluations are rows given to the network in training. Bits/char is of the EMA weights on the
    same %,d rows of %s, sha256 %s, each with %s spread evenly over groups of %d rows; mean ± standard error
    over groups, of the difference over the groups' differences. All were measured in %s; what each was trained in is in
    its run's command.txt. Each model is measured by its own bound: md4, genmd4 and
    sedd in continuous time, genmd4 with its learned schedule (w is the power of a symbol), d3pm in its discrete steps. All of
    these are upper bounds; ar is exact.
    """
        .formatted(
            models.stream().map(row -> row.toMarkdown(reference)).collect(Collectors.joining("\n")),
            preset,
            measured.seed(),
            measured.rows(),
            validation.name(),
            validation.sha256(),
            measured.draws() == 1 ? "1 noise level" : measured.draws() + " noise levels",
            CommonRows.TOGETHER,
            FlagNames.spelled(precision));
  }
}
