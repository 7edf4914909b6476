package org.md4j.cli.machine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Which code is running: the versions the build wrote down and the commit the launcher saw. */
public final class Versions implements IVersionProvider {
  private final Properties properties = new Properties();

  /** Reads the versions the build wrote down. */
  public Versions() {
    try (InputStream file =
        Objects.requireNonNull(
            Versions.class.getResourceAsStream("/org/md4j/cli/machine/versions.properties"))) {
      properties.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The version of this project, with the commit it was built from where that is known. */
  public String md4() {
    String commit = System.getProperty("md4.commit", "");
    return properties.getProperty("md4") + (commit.isEmpty() ? "" : " (commit " + commit + ")");
  }

  /** The version of DeepLearning4J and ND4J. */
  public String dl4j() {
    return properties.getProperty("dl4j");
  }

  /** The Java virtual machine. */
  public static String java() {
    return System.getProperty("java.version") + " (" + System.getProperty("java.vm.vendor") + ")";
  }

  /** The operating system and its processors. */
  public static String system() {
    return String.format(
        Locale.ROOT,
        "%s %s %s, %d processors",
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors());
  }

  @Override
  public String[] getVersion() {
    return new String[] {"md4 " + md4(), "DL4J " + dl4j() + ", Java " + java()};
  }
}
