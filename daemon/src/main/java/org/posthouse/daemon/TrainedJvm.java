package org.posthouse.daemon;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The JVM of this process as others are started: a cache only fits the same Java with the same
 * class path and the same kind of heap.
 *
 * @param version of its features, such as 25
 * @param java the program
 * @param settings its options, without those about caches and logs
 * @param classPath jars, in order
 * @param lib the folder of our own jar; the folder of the classes where there is none
 */
record TrainedJvm(int version, Path java, List<String> settings, String classPath, Path lib) {
    private static final int VERSION_MIN = 25;
    private static final List<String> OTHERS = List.of("-XX:AOT", "-Xlog", "-Xshare");

    /** What this process runs in. */
    static TrainedJvm ofThisProcess() {
        List<String> settings =
                ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                        .filter(each -> OTHERS.stream().noneMatch(each::startsWith))
                        .toList();
        return new TrainedJvm(
                Runtime.version().feature(),
                Path.of(System.getProperty("java.home"), "bin", "java"),
                settings,
                System.getProperty("java.class.path"),
                folder());
    }

    private static Path folder() {
        try {
            Path ours =
                    Path.of(
                            TrainedJvm.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI());
            return Optional.ofNullable(ours.toAbsolutePath().getParent()).orElse(ours);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("our own jar has no path", e);
        }
    }

    /** Why it can't make a cache; empty when it can. */
    String unfit() {
        if (version < VERSION_MIN) {
            return "this is Java " + version + " (" + java + "); caches need Java 25 or newer";
        }
        boolean jars =
                Stream.of(classPath.split(File.pathSeparator))
                        .map(Path::of)
                        .allMatch(Files::isRegularFile);
        return jars ? "" : "classes come from folders, not from jars alone: " + classPath;
    }

    /** A command that runs a class in such a JVM, with further settings. */
    List<String> command(List<String> more, String main, List<String> arguments) {
        var command = new ArrayList<String>(List.of(java.toString()));
        command.addAll(settings);
        command.addAll(more);
        command.addAll(List.of("-cp", classPath, main));
        command.addAll(arguments);
        return command;
    }
}
