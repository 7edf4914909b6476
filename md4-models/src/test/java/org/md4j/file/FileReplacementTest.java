package org.md4j.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What bears a file's name, before, during and after its replacement. */
class FileReplacementTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void writeOld() throws IOException {
    file = Files.writeString(folder.resolve("file.txt"), "old");
  }

  @Test
  void newContentsHaveTheNameOnlyWhenTheyAreWhole() throws IOException {
    FileReplacement.write(
        file,
        out -> {
          out.write('n');
          out.flush();
          assertThat(file).hasContent("old");
          assertThat(FileReplacement.partial(file)).hasContent("n");
          out.write("ew".getBytes(StandardCharsets.UTF_8));
        });

    assertThat(file).hasContent("new");
    assertThat(folder).isDirectoryNotContaining("glob:**.partial");
  }

  @Test
  void anOutputThatCannotBeWrittenIsNamed() {
    assertThatThrownBy(
            () ->
                FileReplacement.writeOut(
                    file,
                    out -> {
                      throw new IOException("no room");
                    }))
        .hasMessage(file + ": no room");

    assertThat(file).hasContent("old");
  }

  @Test
  void aLinkLeadsToWhatIsReplaced() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);

    FileReplacement.writeOut(link, List.of("new"));

    assertThat(link).isSymbolicLink();
    assertThat(file).hasContent("new");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void whatIsNoFileIsWrittenToAsItIs() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    CompletableFuture<String> read =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return Files.readString(pipe);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });

    FileReplacement.writeOut(pipe, List.of("through"));

    assertThat(read.get()).isEqualToIgnoringNewLines("through");
    assertThat(Files.isRegularFile(pipe)).isFalse();
  }

  @Test
  void aFailureLeavesTheOldContentsAndNothingBeside() {
    assertThatThrownBy(
            () ->
                FileReplacement.write(
                    file,
                    out -> {
                      out.write('n');
                      throw new IOException("no room");
                    }))
        .hasMessage("no room");

    assertThat(file).hasContent("old");
    assertThat(folder).isDirectoryNotContaining("glob:**.partial");
  }

  @Test
  void anInterruptedThreadWritesAllAndStaysInterrupted() throws IOException {
    Thread.currentThread().interrupt();
    FileReplacement.write(file, "new");
    FileReplacement.link(file, folder.resolve("second.txt"));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(file).hasContent("new");
    assertThat(folder.resolve("second.txt")).hasContent("new");
  }

  @Test
  void whatAKillLeftIsOverwritten() throws IOException {
    Files.writeString(FileReplacement.partial(file), "longer than the new contents");

    FileReplacement.write(file, "new");

    assertThat(file).hasContent("new");
    assertThat(folder).isDirectoryNotContaining("glob:**.partial");
  }

  @Test
  void aLinkThatAKillLeftDoesNotHarmWhatItIsALinkTo() throws IOException {
    Path second = folder.resolve("second.txt");
    Files.createLink(FileReplacement.partial(second), file);

    FileReplacement.write(second, "new");

    assertThat(second).hasContent("new");
    assertThat(file).hasContent("old");
  }

  @Test
  void aSecondNameKeepsItsContentsWhenTheFirstGetsOthers() throws IOException {
    Path second = Files.writeString(folder.resolve("second.txt"), "of another");
    FileReplacement.link(file, second);
    FileReplacement.link(file, second);

    FileReplacement.write(file, "new");

    assertThat(second).hasContent("old");
    assertThat(file).hasContent("new");
    assertThat(folder).isDirectoryNotContaining("glob:**.partial");
  }

  @Test
  void aNameForNothingIsRefusedAndLeftAsItWas() throws IOException {
    Path second = Files.writeString(folder.resolve("second.txt"), "of another");

    assertThatThrownBy(() -> FileReplacement.link(folder.resolve("none"), second))
        .isInstanceOf(NoSuchFileException.class);

    assertThat(second).hasContent("of another");
  }

  @Test
  void aFileWrittenBesideIsPlaced() throws IOException {
    Path written = Files.writeString(FileReplacement.partial(file), "new");

    FileReplacement.place(written, file);

    assertThat(file).hasContent("new");
    assertThat(written).doesNotExist();
  }
}
