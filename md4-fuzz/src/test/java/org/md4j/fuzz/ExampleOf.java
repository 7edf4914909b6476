package org.md4j.fuzz;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.AnnotationConsumer;

/** Names the form of which a fuzz test gets the sound example, where fuzzing begins. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ArgumentsSource(ExampleOf.Provider.class)
@interface ExampleOf {
  FileForm value();

  /** Gives the example. */
  final class Provider implements ArgumentsProvider, AnnotationConsumer<ExampleOf> {
    private FileForm form = FileForm.TEXT;

    @Override
    public void accept(ExampleOf annotation) {
      form = annotation.value();
    }

    @Override
    public Stream<? extends Arguments> provideArguments(ExtensionContext context) {
      return Stream.of(Arguments.of((Object) form.example()));
    }
  }
}
