package org.md4j.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.util.regex.Pattern;

/** Says in words why JSON cannot be understood. */
public final class JsonFailureText {
  /** The name of a Java type, whose last part is its own. */
  private static final Pattern TYPE = Pattern.compile("\\b(?:[a-z]\\w*\\.)+(?:\\w+\\$)?(\\w+)");

  /** What Jackson says of a source that it does not show. */
  private static final Pattern SOURCE = Pattern.compile(" \\(start marker at \\[.*]\\)");

  private JsonFailureText() {}

  /** Returns the reason, without names of packages. */
  public static String of(JsonProcessingException failure) {
    if (failure instanceof UnrecognizedPropertyException unknown) {
      return "unknown field " + unknown.getPropertyName();
    }
    if (failure instanceof ValueInstantiationException made && made.getCause() != null) {
      return plain(String.valueOf(made.getCause().getMessage()));
    }
    return plain(failure.getOriginalMessage());
  }

  private static String plain(String message) {
    String line = message.lines().findFirst().orElse("it ends early");
    String plain = SOURCE.matcher(line.replace("`", "")).replaceAll("");
    return TYPE.matcher(plain).replaceAll("$1");
  }
}
