package org.posthouse.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** Loads the engine and its world anew, with one class of it made wrong. */
final class SabotagedLoader extends ClassLoader {
    private static final String OURS = "org.posthouse.";

    private final Sabotage defect;

    SabotagedLoader(Sabotage defect) {
        super(SabotagedLoader.class.getClassLoader());
        this.defect = defect;
    }

    /** What the invariants say to the scenario of a seed that the engine plays with the defect. */
    List<String> violations(long seed) {
        try {
            Class<?> play = loadClass(OURS + "simulation.OneScenario");
            Object broken = play.getDeclaredMethod("violations", long.class).invoke(null, seed);
            return ((List<?>) broken).stream().map(String::valueOf).toList();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] octets = in.readAllBytes();
            byte[] taken = name.equals(OURS + defect.type()) ? defect.applied(octets) : octets;
            return defineClass(name, taken, 0, taken.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
