package org.posthouse;

/** The facade. */
public final class Posthouse {
    private Posthouse() {}
}
