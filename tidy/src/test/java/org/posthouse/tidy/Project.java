package org.posthouse.tidy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The project on disk: its modules, their compiled classes, and its files. */
final class Project {
    /**
     * The published modules with what each may use, in the order of the build (docs: the rooms of
     * the architecture).
     */
    static final Map<String, Set<String>> USES = uses();

    /** Modules that hold only tests and measuring programs. */
    static final List<String> TEST_MODULES = List.of("simulation", "interop", "benchmarks", "tidy");

    private Project() {}

    private static Map<String, Set<String>> uses() {
        Map<String, Set<String>> uses = new LinkedHashMap<>();
        uses.put("core", Set.of());
        uses.put("platform", Set.of());
        uses.put("sim", Set.of("core", "platform"));
        uses.put("policy", Set.of("core"));
        uses.put("server", Set.of("core", "platform", "policy"));
        uses.put("client", Set.of("core", "platform"));
        uses.put("spool", Set.of("core", "platform"));
        uses.put("store", Set.of("core", "platform"));
        uses.put("relay", Set.of("core", "platform", "policy", "client", "spool", "store"));
        Set<String> live = new TreeSet<>(uses.keySet());
        live.remove("sim");
        uses.put("facade", live);
        Set<String> all = new TreeSet<>(live);
        all.add("facade");
        // The facade passes on the names of all modules that it binds together.
        uses.put("jwt", Set.copyOf(all));
        all.add("jwt");
        uses.put("daemon", Set.copyOf(all));
        all.remove("jwt");
        all.add("sim");
        uses.put("testkit", all);
        return uses;
    }

    static Path root() {
        return Path.of(System.getProperty("posthouse.root", "..")).toAbsolutePath().normalize();
    }

    static Path classes(String module) {
        String tree = System.getProperty("posthouse.tree", "target");
        return root().resolve(module).resolve(tree).resolve("classes");
    }

    /** All compiled main classes; none of a module that has not been compiled. Read once. */
    static JavaClasses imported() {
        return Imported.CLASSES;
    }

    private static final class Imported {
        static final JavaClasses CLASSES = read();
    }

    private static JavaClasses read() {
        return new ClassFileImporter()
                .importPaths(
                        USES.keySet().stream()
                                .map(Project::classes)
                                .filter(Files::isDirectory)
                                .toList());
    }

    /**
     * The module in whose folder a class was found; empty for those of the JDK and of libraries.
     */
    static Optional<String> moduleOf(JavaClass type) {
        return type.getSource()
                .filter(source -> source.getUri().getScheme().equals("file"))
                .map(source -> Path.of(source.getUri()))
                .filter(path -> path.startsWith(root()))
                .map(path -> root().relativize(path).getName(0).toString());
    }

    /** Java sources of all modules; {@code main} and tests. */
    static List<Path> sources() {
        return files().stream().filter(file -> file.toString().endsWith(".java")).toList();
    }

    /** All files that are under version control or would be, sorted, relative to the root. */
    static List<Path> files() {
        try {
            Process git =
                    new ProcessBuilder(
                                    "git",
                                    "ls-files",
                                    "-z",
                                    "--cached",
                                    "--others",
                                    "--exclude-standard")
                            .directory(root().toFile())
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            String names = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (git.waitFor() == 0 && !names.isEmpty()) {
                return Stream.of(names.split("\0"))
                        .map(Path::of)
                        .filter(file -> Files.isRegularFile(root().resolve(file)))
                        .sorted()
                        .toList();
            }
            return walk();
        } catch (IOException e) {
            return walk();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For an unpacked source archive: all files but those of builds. */
    private static List<Path> walk() {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> all = Files.walk(root())) {
            all.filter(Files::isRegularFile)
                    .map(root()::relativize)
                    .filter(file -> !file.startsWith(".git"))
                    .filter(file -> !built(file))
                    .sorted()
                    .forEach(found::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static boolean built(Path file) {
        for (Path name : file) {
            if (name.toString().equals("target") || name.toString().equals("node_modules")) {
                return true;
            }
        }
        return false;
    }

    static String read(Path file) {
        try {
            // A String's constructor takes any octets, where readString throws at what is not
            // UTF-8.
            return new String(Files.readAllBytes(root().resolve(file)), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
