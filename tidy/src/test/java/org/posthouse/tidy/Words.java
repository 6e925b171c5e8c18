package org.posthouse.tidy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Words that must not land: marks of unfinished work in sources, and names of one machine's folders
 * or of artifact hosts anywhere. The patterns are put together from pieces so that this file passes
 * itself.
 */
final class Words {
    /** A mark in sources; prose may speak of it. */
    static final String UNFINISHED = "unfinished";

    static final String MACHINE = "machine";

    private static final Map<String, Pattern> PATTERNS = patterns();

    private Words() {}

    private static Map<String, Pattern> patterns() {
        String folders = "/" + "(work|farm)" + "(?![\\w.-])";
        String hosts =
                "https?://(?!([\\w-]+\\.)*example\\b)"
                    + "([\\w-]*(registry|mirror|artifactory|nexus|proxy|repo\\d?)[\\w-]*)\\.[\\w.-]+";
        Map<String, Pattern> patterns = new LinkedHashMap<>();
        patterns.put(UNFINISHED, Pattern.compile("\\b(FIX" + "ME|TO" + "DO|X" + "XX)\\b"));
        patterns.put(
                MACHINE,
                Pattern.compile(
                        "(?<![\\w.}>)$*-])" + folders + "|" + hosts, Pattern.CASE_INSENSITIVE));
        return patterns;
    }

    static Set<String> rules() {
        return PATTERNS.keySet();
    }

    static List<Finding> find(String file, String text) {
        List<Finding> findings = new ArrayList<>();
        PATTERNS.forEach(
                (rule, pattern) -> {
                    if (rule.equals(UNFINISHED) && file.endsWith(".md")) {
                        return;
                    }
                    Matcher matcher = pattern.matcher(text);
                    while (matcher.find()) {
                        long line = text.substring(0, matcher.start()).lines().count();
                        findings.add(
                                new Finding(rule, file, matcher.group() + " near line " + line));
                    }
                });
        return findings;
    }
}
