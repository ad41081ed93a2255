package dev.retrap.repl.cli;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads the values of an enum in any case, a dash for an underscore, and says in lower case which there are.
 *
 * @param <E> the enum
 */
final class Words<E extends Enum<E>> implements ITypeConverter<E> {
    private final String what;
    private final E[] values;

    /**
     * A converter.
     *
     * @param what what a value is, for the message
     * @param type the enum
     */
    Words(String what, Class<E> type) {
        this.what = what;
        this.values = type.getEnumConstants();
    }

    @Override
    public E convert(String word) {
        return Stream.of(values).filter(v -> v.name().equalsIgnoreCase(word.replace('-', '_'))).findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + word + "' is not " + what + ": there are "
                        + Stream.of(values).map(v -> v.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))));
    }
}
