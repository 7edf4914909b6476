package org.md4j.cli.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.md4j.cli.machine.NativeBackend;
import org.md4j.cli.machine.Versions;

/** Writes down the command that made a run and everything it ran on. */
public final class CommandRecord {
  private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./-]+");

  private CommandRecord() {}

  /** Adds an entry to a file: a resumed run has one for each time it was started. */
  public static void append(
      Path file, List<String> arguments, NativeBackend backend, String computation)
      throws IOException {
    Versions versions = new Versions();
    String entry =
        String.format(
            Locale.ROOT,
            """
            ./md4 %s
            started %s in %s
            md4 %s
            networks %s
            DL4J %s, backend %s, native code %s, BLAS %s, %d threads an operation
            Java %s
            %s

            """,
            arguments.stream().map(CommandRecord::quoted).collect(Collectors.joining(" ")),
            OffsetDateTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS),
            Path.of("").toAbsolutePath(),
            versions.md4(),
            computation,
            versions.dl4j(),
            backend.name(),
            backend.classifier(),
            backend.blasVendor(),
            backend.ompThreads(),
            Versions.java(),
            Versions.system());
    Files.writeString(file, entry, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** An argument as a shell would need it. */
  static String quoted(String argument) {
    return PLAIN.matcher(argument).matches()
        ? argument
        : "'" + argument.replace("'", "'\\''") + "'";
  }
}
