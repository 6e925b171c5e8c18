package org.posthouse.tidy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Set;

/** The scanners find what they are for, and only that. */
class ScannersTest {
    @Test
    void aMethodMayHaveSeventyLines() {
        assertThat(scan("void m() {\n" + "i++;\n".repeat(68) + "}")).isEmpty();
        assertThat(scan("/** Doc.\n *\n */\nvoid m() {\n" + "i++;\n".repeat(68) + "}")).isEmpty();
        assertThat(scan("void m() {\n" + "i++;\n".repeat(69) + "}"))
                .containsExactly(
                        new Finding("method-lines", "org.a.T#m", "71 lines, more than 70"));
        assertThat(scan("class N { T m() { return new T() {\n" + "int i;\n".repeat(70) + "}; } }"))
                .containsExactly(
                        new Finding("method-lines", "org.a.T$N#m", "72 lines, more than 70"));
    }

    @Test
    void aTypeMayHaveSixHundredLines() {
        assertThat(scan("int i;\n".repeat(597))).isEmpty();
        assertThat(scan("int i;\n".repeat(599)))
                .containsExactly(new Finding("class-lines", "org.a.T", "601 lines, more than 600"));
    }

    @Test
    void aMethodMayHaveSevenParameters() {
        String seven = "int a, int b, int c, int d, int e, int f, int g";
        assertThat(scan("void m(" + seven + ") {}")).isEmpty();
        assertThat(scan("record R(" + seven + ", int h) { R { i++; } }")).isEmpty();
        assertThat(scan("T(" + seven + ", int h) {}"))
                .containsExactly(
                        new Finding("parameters", "org.a.T#<init>", "8 parameters, more than 7"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "void m() { for (int i : Set.of(1, 2)) {} }",
                "Set<Integer> s = Set.of(1, 2); void m() { for (int i : s) {} }",
                "Set<Integer> s; T(List<Integer> l) { this.s = Set.copyOf(l); } void m() {"
                        + " s.stream(); }",
                "static final Map<A, B> M = Map.of(A, B, C, D); void m() { M.forEach((a, b) -> {});"
                        + " }",
                "void m() { var s = l.stream().collect(Collectors.toUnmodifiableSet());"
                        + " s.iterator(); }",
                "Map<A, B> m = Map.copyOf(x); void m() { for (B b : this.m.values()) {} }",
                "Set<Integer> s = Set.of(1, 2); Object m() { return List.copyOf(s); }",
                "Set<Integer> s = Set.of(1, 2); Object m() { return new ArrayList<>(s); }",
                "Set<Integer> s = Set.of(1, 2); Supplier<?> m() { return s::iterator; }",
            })
    void anUnorderedIterationIsFound(String members) {
        assertThat(SourceScan.rulesOf(scan(members))).containsExactly("order");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Set<Integer> s = Set.of(1, 2); boolean m() { return s.contains(1); }",
                "Set<Integer> s = Set.of(1); void m() { for (int i : s) {} }",
                "Set<Integer> s = new TreeSet<>(Set.of(1, 2)); void m() { for (int i : s) {} }",
                "Map<A, B> m = Map.copyOf(x); B m() { return m.get(A); }",
                "List<Integer> l = List.of(1, 2); void m() { for (int i : l) {} }",
            })
    void otherUsesAreFine(String members) {
        assertThat(scan(members)).isEmpty();
    }

    @Test
    void aSourceThatDoesNotParseIsAnError() {
        assertThatThrownBy(() -> scan("void m() {")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void wordsAreFound() {
        String mark = "TO" + "DO";
        String folder = "/wo" + "rk/main";
        assertThat(Words.find("a/B.java", "x\n// " + mark + ": later\n"))
                .extracting(Finding::rule)
                .containsExactly(Words.UNFINISHED);
        assertThat(Words.find("a/B.md", "No " + mark + " lands")).isEmpty();
        assertThat(Words.find("a/B.java", "TO" + "DOs, ma" + mark + "s")).isEmpty();
        assertThat(Words.find("a.md", "see " + folder + " for it"))
                .extracting(Finding::rule)
                .containsExactly(Words.MACHINE);
        assertThat(Words.find("a.md", "(" + folder + ")")).hasSize(1);
        assertThat(Words.find("a.md", "at https://re" + "po1.maven.org/maven2")).hasSize(1);
        assertThat(Words.find("a.md", "home/work/x, /workshop, https://mirror.example/")).isEmpty();
    }

    @Test
    void exceptionsMustBeNeededAndReasoned() {
        Set<String> rules = Set.of("clock");
        Finding finding = new Finding("clock", "a.B#c", "d");
        Exceptions exceptions = Exceptions.parse("# why\nclock a.B#c it prints the time\n");
        exceptions.check(rules, List.of(finding));
        assertThatThrownBy(() -> exceptions.check(rules, List.of()))
                .hasMessageContaining("stale exception");
        assertThatThrownBy(() -> Exceptions.parse("").check(rules, List.of(finding)))
                .hasMessageContaining("clock a.B#c: d");
        assertThatThrownBy(() -> Exceptions.parse("clock a.B#c"))
                .hasMessageContaining("needs a rule, a place and a reason");
    }

    private static List<Finding> scan(String members) {
        return SourceScan.scan("T.java", "package org.a;\nclass T {" + members + "\n}\n");
    }
}
