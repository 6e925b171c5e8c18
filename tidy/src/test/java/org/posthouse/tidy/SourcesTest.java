package org.posthouse.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Sizes, iteration orders and words. */
class SourcesTest {
    @Test
    void typesAndMethodsAreSmall() {
        Exceptions.listed().check(SourceScan.SIZE_RULES, findings(SourceScan.SIZE_RULES));
    }

    @Test
    void noUnorderedCollectionIsIterated() {
        List<Finding> findings = new ArrayList<>();
        for (Path source : Project.sources()) {
            if (source.toString().contains("src/main/java")) {
                findings.addAll(scan(source, SourceScan.ORDER_RULES));
            }
        }
        Exceptions.listed().check(SourceScan.ORDER_RULES, findings);
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

    private static List<Finding> findings(Set<String> rules) {
        List<Finding> findings = new ArrayList<>();
        for (Path source : Project.sources()) {
            findings.addAll(scan(source, rules));
        }
        return findings;
    }

    private static List<Finding> scan(Path source, Set<String> rules) {
        return SourceScan.scan(source.toString(), Project.read(source)).stream()
                .filter(finding -> rules.contains(finding.rule()))
                .toList();
    }
}
