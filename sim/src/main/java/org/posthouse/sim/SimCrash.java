package org.posthouse.sim;

/**
 * The simulated machine died here. It ends {@link SimPlatform#run} and no simulated thread runs
 * again; go on with {@link SimPlatform#restart}.
 *
 * @since 0.1
 */
public final class SimCrash extends Error {
    private static final long serialVersionUID = 1L;

    SimCrash(String where) {
        super(where);
    }
}
