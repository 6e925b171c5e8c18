package org.posthouse.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Sizes, iteration orders and words. */
class SourcesTest {
    @Test
    void typesAndMethodsAreSmall() {
        Exceptions.listed()
                .check(SourceScan.SIZE_RULES, found(SourceScan.SIZE_RULES, source -> true));
    }

    @Test
    void noUnorderedCollectionIsIterated() {
        Exceptions.listed()
                .check(
                        SourceScan.ORDER_RULES,
                        found(
                                SourceScan.ORDER_RULES,
                                source -> source.toString().contains("src/main/java")));
    }

    @Test
    void wordsThatMustNotLand() {
        List<Finding> findings = new ArrayList<>();
        for (Path file : Project.files()) {
            findings.addAll(Words.find(file.toString(), Project.read(file)));
        }
        Exceptions.listed().check(Words.rules(), findings);
    }

    @Test
    void exceptionsNameRulesThatExist() {
        Set<String> rules = new TreeSet<>(SourceScan.SIZE_RULES);
        rules.addAll(SourceScan.ORDER_RULES);
        rules.addAll(Words.rules());
        rules.addAll(Calls.names());
        assertThat(rules).containsAll(Exceptions.listed().rules());
    }

    @Test
    void theProjectIsSeen() {
        assertThat(Project.files()).contains(Path.of("pom.xml"), Path.of("tidy/pom.xml"));
        assertThat(Project.sources())
                .contains(Path.of("tidy/src/test/java/org/posthouse/tidy/SourcesTest.java"));
    }

    private static List<Finding> found(Set<String> rules, Predicate<Path> sources) {
        return SourceScan.scan(
                        Project.sources().stream()
                                .filter(sources)
                                .map(it -> SourceScan.source(it.toString(), Project.read(it)))
                                .toList())
                .stream()
                .filter(finding -> rules.contains(finding.rule()))
                .toList();
    }
}
