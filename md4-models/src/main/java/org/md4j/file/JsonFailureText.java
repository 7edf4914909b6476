package org.md4j.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in words why JSON cannot be understood. */
public final class JsonFailureText {
  /** The name of a Java type, whose last part is its own. */
  private static final Pattern TYPE =
      Pattern.compile("\\b(?:org\\.md4j|java|com\\.fasterxml)\\.[\\w.]*[.$](\\w+)");

  /** What Jackson says of a field that a record needs. */
  private static final Pattern MISSING =
      Pattern.compile("Missing (?:required )?creator property '([^']*)'.*");

  /** What Jackson says of a source that it does not show. */
  private static final Pattern SOURCE = Pattern.compile(" \\(start marker at \\[.*]\\)");

  private static final int LONGEST = 300;

  private JsonFailureText() {}

  /** Returns the reason, without names of packages. */
  public static String of(JsonProcessingException failure) {
    if (failure instanceof UnrecognizedPropertyException unknown) {
      return "unknown field " + unknown.getPropertyName();
    }
    if (failure instanceof ValueInstantiationException made) {
      return made.getCause() instanceof IllegalArgumentException refused
          ? plain(String.valueOf(refused.getMessage()))
          : "a field is missing";
    }
    return plain(failure.getOriginalMessage());
  }

  private static String plain(String message) {
    String line = message.lines().findFirst().orElse("it ends early");
    Matcher missing = MISSING.matcher(line);
    if (missing.matches()) {
      return "field " + missing.group(1) + " is missing";
    }
    String plain = SOURCE.matcher(line.replace("`", "")).replaceAll("");
    String words = TYPE.matcher(plain).replaceAll("$1");
    return words.length() > LONGEST ? words.substring(0, LONGEST) + "..." : words;
  }
}
