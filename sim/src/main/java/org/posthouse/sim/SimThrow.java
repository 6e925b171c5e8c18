package org.posthouse.sim;

/** Throws what was caught elsewhere, as it is. */
final class SimThrow {
    private SimThrow() {}

    static void unchecked(Throwable thrown) {
        SimThrow.<RuntimeException>as(thrown);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> void as(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
