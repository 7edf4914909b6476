package org.md4j.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A few runs that are killed and stopped; the whole campaign is {@code mvn test -pl md4-cli -am
 * -Dtest=EndedRunsTest -Dsurefire.failIfNoSpecifiedTests=false -Dmd4.kills=200 -Dmd4.signals=60}.
 */
@Tag("slow")
@DisabledOnOs(OS.WINDOWS)
class EndedRunsTest {
  private static final int KILLS = Integer.getInteger("md4.kills", 4);
  private static final int SIGNALS = Integer.getInteger("md4.signals", 3);

  /** So many that files are met while they are written. */
  private static final int CAMPAIGN = 100;

  @Test
  void killsLoseNothingThatWasSaved(@TempDir Path folder) throws IOException, InterruptedException {
    end(folder, KILLS, List.of(EndedRuns.Ending.KILL));
  }

  @Test
  void signalsLoseNothing(@TempDir Path folder) throws IOException, InterruptedException {
    end(
        folder,
        SIGNALS,
        List.of(EndedRuns.Ending.INT, EndedRuns.Ending.TERM, EndedRuns.Ending.HUP));
  }

  private static void end(Path folder, int count, List<EndedRuns.Ending> endings)
      throws IOException, InterruptedException {
    List<EndedRuns.Kind> kinds = EndedRuns.everyKind(folder);
    EndedRuns runs = new EndedRuns(folder, kinds, count);

    runs.end(count, endings);

    assertThat(runs.moments().values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(count);
    if (count >= CAMPAIGN) {
      assertThat(runs.moments().keySet())
          .anySatisfy(moment -> assertThat(moment).contains("writing checkpoint"))
          .anySatisfy(moment -> assertThat(moment).contains("writing curve"));
    }
    System.out.println(runs.moments());
  }
}
