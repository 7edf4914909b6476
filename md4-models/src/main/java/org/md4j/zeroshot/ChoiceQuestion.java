package org.md4j.zeroshot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.md4j.data.DataException;
import org.md4j.file.FailureText;

/**
 * A text with several endings, one of which is right.
 *
 * @param context what comes before
 * @param endings at least two, none empty; a space is put before each
 * @param answer number of the right one, from 0
 */
public record ChoiceQuestion(String context, List<String> endings, int answer) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Copies the endings and checks that there is a choice. */
  public ChoiceQuestion {
    endings = List.copyOf(endings);
    if (endings.size() < 2 || endings.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException(
          "endings must be at least two, none empty, got " + endings);
    }
    if (answer < 0 || answer >= endings.size()) {
      throw new IllegalArgumentException(
          "answer (%d) must be in 0..%d".formatted(answer, endings.size() - 1));
    }
  }

  /**
   * Reads questions in the form of HellaSwag: a JSON object a line with {@code ctx}, {@code
   * endings} and {@code label}; other fields are passed over.
   *
   * @throws DataException naming the line that is not of this form
   */
  public static List<ChoiceQuestion> read(Path file) {
    List<ChoiceQuestion> questions = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()) {
          questions.add(parse(file, questions.size() + 1, line));
        }
      }
    } catch (IOException e) {
      throw new DataException(
          "questions (%s) cannot be read: %s".formatted(file, FailureText.reason(e)), e);
    }
    if (questions.isEmpty()) {
      throw new DataException("questions (" + file + ") must be at least one, got none");
    }
    return List.copyOf(questions);
  }

  private static ChoiceQuestion parse(Path file, int number, String line) {
    String form =
        "question %d of %s must be a JSON object with ctx, endings and label"
            .formatted(number, file);
    JsonNode object;
    try {
      object = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new DataException(form + ", got something else", e);
    }
    JsonNode context = object.path("ctx");
    JsonNode endings = object.path("endings");
    JsonNode label = object.path("label");
    if (!context.isTextual() || !endings.isArray() || !label.asText().matches("\\d{1,4}")) {
      throw new DataException(form + ", some of them are missing");
    }
    try {
      return new ChoiceQuestion(
          context.asText(),
          StreamSupport.stream(endings.spliterator(), false).map(JsonNode::asText).toList(),
          label.asInt());
    } catch (IllegalArgumentException e) {
      throw new DataException(form + ": " + e.getMessage(), e);
    }
  }
}
