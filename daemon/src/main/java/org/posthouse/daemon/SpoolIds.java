package org.posthouse.daemon;

import org.posthouse.core.SpoolId;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the id of a message on the command line. */
final class SpoolIds implements ITypeConverter<SpoolId> {
    @SuppressWarnings("NullAway.Init") // picocli makes it
    SpoolIds() {}

    @Override
    public SpoolId convert(String text) {
        try {
            return SpoolId.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(
                    "'" + text + "' is no id of a message; one looks like 1KDVDNAZ80000");
        }
    }
}
