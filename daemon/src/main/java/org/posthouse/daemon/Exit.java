package org.posthouse.daemon;

/** Exit codes, those of sysexits. */
final class Exit {
    static final int OK = 0;

    /** As diff(1) has it. */
    static final int DIFFERENT = 1;

    static final int USAGE = 64;
    static final int DATA = 65;
    static final int NO_INPUT = 66;
    static final int UNAVAILABLE = 69;
    static final int SOFTWARE = 70;
    static final int CANT_CREATE = 73;
    static final int INPUT_OUTPUT = 74;
    static final int TEMPORARY = 75;
    static final int REFUSED = 77;
    static final int CONFIG = 78;

    private Exit() {}
}
