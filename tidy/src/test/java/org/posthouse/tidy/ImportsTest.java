package org.posthouse.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Modules import only what lies before them in the flow, and the libraries have two dependencies;
 * the test kit, beside them, has those of tests.
 */
class ImportsTest {
    /** The libraries of others that a module may require. */
    private static final Map<String, Set<String>> LIBRARIES =
            Map.of(
                    "platform",
                    Set.of("org.dnsjava", "org.slf4j"),
                    "jwt",
                    Set.of("com.nimbusds.jose.jwt"),
                    "testkit", // its contracts are tests
                    Set.of("org.assertj.core", "org.junit.jupiter.api"));

    @Test
    void modulesUseOnlyWhatTheyMay() {
        List<String> faults = new ArrayList<>();
        for (JavaClass type : Project.imported()) {
            faults.addAll(faults(type, Project::moduleOf));
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void everyModuleIsSeen() {
        Set<String> seen = new TreeSet<>();
        for (JavaClass type : Project.imported()) {
            Project.moduleOf(type).ifPresent(seen::add);
        }
        Set<String> written = new TreeSet<>();
        for (Path source : Project.sources()) {
            boolean type = !source.getFileName().toString().endsWith("-info.java");
            if (type && source.getNameCount() > 4 && source.startsWith(main(source.getName(0)))) {
                written.add(source.getName(0).toString());
            }
        }
        assertThat(seen).isEqualTo(written);
    }

    private static Path main(Path module) {
        return module.resolve("src/main/java");
    }

    @Test
    void aWrongDirectionIsFound() {
        JavaClass sample =
                new ClassFileImporter().importClasses(Sample.class, Peer.class).get(Sample.class);
        Map<String, String> modules = new HashMap<>();
        modules.put(Sample.class.getName(), "server");
        modules.put(Peer.class.getName(), "spool");
        assertThat(faults(sample, type -> Optional.ofNullable(modules.get(type.getName()))))
                .isNotEmpty()
                .allMatch(fault -> fault.contains("server may not use spool"));
        modules.put(Peer.class.getName(), "core");
        assertThat(faults(sample, type -> Optional.ofNullable(modules.get(type.getName()))))
                .isEmpty();
    }

    @Test
    void everyPublishedModuleIsAModule() throws IOException {
        List<String> faults = new ArrayList<>();
        for (String module : Project.USES.keySet()) {
            Path classes = Project.classes(module);
            if (!Files.isDirectory(classes) || module.equals("daemon")) {
                continue;
            }
            Path file = classes.resolve("module-info.class");
            if (!Files.exists(file)) {
                faults.add(module + " has no module-info.java");
                continue;
            }
            try (InputStream in = Files.newInputStream(file)) {
                faults.addAll(faults(module, ModuleDescriptor.read(in)));
            }
            String source = Project.read(Path.of(module, "src/main/java/module-info.java"));
            if (!source.contains("NullMarked")) {
                faults.add(module + " is not @NullMarked");
            }
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void aForeignDependencyIsFound() {
        ModuleDescriptor sample =
                ModuleDescriptor.newModule("org.posthouse.spool")
                        .requires("java.base")
                        .requires("org.slf4j")
                        .requires(Set.of(Requires.Modifier.STATIC), "org.jspecify")
                        .packages(Set.of("org.posthouse.spool"))
                        .exports("org.posthouse.spool", Set.of("org.posthouse.relay"))
                        .build();
        assertThat(faults("spool", sample))
                .containsExactly(
                        "spool requires org.slf4j",
                        "spool exports org.posthouse.spool to some modules only");
        assertThat(faults("platform", sample)).hasSize(1);
    }

    private static List<String> faults(
            JavaClass type, Function<JavaClass, Optional<String>> moduleOf) {
        Optional<String> from = moduleOf.apply(type);
        List<String> faults = new ArrayList<>();
        if (from.isEmpty()) {
            return faults;
        }
        Set<String> allowed = Project.USES.get(from.get());
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
            moduleOf.apply(dependency.getTargetClass().getBaseComponentType())
                    .filter(to -> !to.equals(from.get()) && !allowed.contains(to))
                    .ifPresent(
                            to ->
                                    faults.add(
                                            from.get()
                                                    + " may not use "
                                                    + to
                                                    + ": "
                                                    + dependency.getDescription()));
        }
        return faults;
    }

    private static List<String> faults(String module, ModuleDescriptor descriptor) {
        List<String> faults = new ArrayList<>();
        descriptor.requires().stream()
                .filter(requires -> !requires.modifiers().contains(Requires.Modifier.STATIC))
                .map(Requires::name)
                .filter(name -> !name.startsWith("java.") && !name.startsWith("jdk."))
                .filter(name -> !name.startsWith("org.posthouse"))
                .filter(name -> !LIBRARIES.getOrDefault(module, Set.of()).contains(name))
                .sorted()
                .forEach(name -> faults.add(module + " requires " + name));
        descriptor.exports().stream()
                .filter(ModuleDescriptor.Exports::isQualified)
                .forEach(
                        exports ->
                                faults.add(
                                        module
                                                + " exports "
                                                + exports.source()
                                                + " to some modules only"));
        return faults;
    }

    static class Sample {
        Object peer() {
            return new Peer();
        }
    }

    static class Peer {}
}
