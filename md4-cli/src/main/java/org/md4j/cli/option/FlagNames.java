package org.md4j.cli.option;

import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.md4j.cli.terminal.CommandException;

/**
 * Turns the library's messages about a setting into messages about the option that gave it.
 *
 * @param options the option of each setting, by the name the library's messages begin with
 */
public record FlagNames(Map<String, String> options) {
  /**
   * Makes something out of options.
   *
   * @throws CommandException naming the option, where the library rejects a setting
   */
  public <T> T check(Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      String setting = message.split(" ", 2)[0];
      throw new CommandException(
          options.getOrDefault(setting, setting) + message.substring(setting.length()), e);
    }
  }

  /** An enum's constant as it is typed. */
  public static String spelled(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
