package org.posthouse.simulation;

import java.io.IOException;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A scenario from its seed, played; what {@link SabotagedLoader} calls. */
public final class OneScenario {
    private OneScenario() {}

    /** Prints {@link #hash} of a seed. */
    public static void main(String[] args) throws IOException {
        Logger.getLogger("").setLevel(Level.OFF);
        System.out.println(hash(Long.parseLong(args[0])));
    }

    /** One number for all that happens. */
    static String hash(long seed) throws IOException {
        return Long.toHexString(World.play(Playwright.scenario(seed)).hash());
    }

    /** What was not as it has to be. */
    public static List<String> violations(long seed) throws IOException {
        return World.play(Playwright.scenario(seed)).violations();
    }
}
