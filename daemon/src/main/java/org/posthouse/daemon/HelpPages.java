package org.posthouse.daemon;

import org.posthouse.core.Diagnosis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The pages behind the codes: a line with the code and its title, then its text, indented. Those of
 * diagnoses are made from their catalogue.
 */
final class HelpPages {
    private static final int COLUMNS = 110;
    private static final int INDENT = 4;

    private final Map<String, String> pages = new TreeMap<>();

    private HelpPages() {}

    static HelpPages read() {
        try (InputStream in = HelpPages.class.getResourceAsStream("codes.txt")) {
            if (in == null) {
                throw new IllegalStateException("codes.txt is not in this jar");
            }
            HelpPages help = parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            Diagnosis.all().forEach(each -> help.pages.put(each.code(), page(each)));
            return help;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String page(Diagnosis diagnosis) {
        var page = new StringBuilder(diagnosis.code());
        page.append(" A diagnosis: ").append(diagnosis.cause()).append("\n    ");
        int column = INDENT;
        for (String word : diagnosis.advice().split(" ", -1)) {
            if (column + word.length() >= COLUMNS) {
                page.append("\n    ");
                column = INDENT;
            }
            page.append(column == INDENT ? "" : " ").append(word);
            column += word.length() + 1;
        }
        return page.append('\n').toString();
    }

    static HelpPages parse(String text) {
        var help = new HelpPages();
        String code = "";
        for (Iterator<String> lines = text.lines().iterator(); lines.hasNext(); ) {
            String line = lines.next();
            if (line.startsWith("PH-")) {
                code = line.substring(0, line.indexOf(' '));
                if (help.pages.containsKey(code)) {
                    throw new IllegalStateException(code + " has two pages");
                }
            }
            if (!code.isEmpty()) {
                help.pages.merge(code, line + "\n", String::concat);
            }
        }
        help.pages.replaceAll((key, page) -> page.stripTrailing() + "\n");
        return help;
    }

    /** The page of a code in either case; empty when there is none. */
    String page(String code) {
        return pages.getOrDefault(code.toUpperCase(Locale.ROOT), "");
    }

    /** All pages by their codes. */
    Map<String, String> all() {
        return pages;
    }
}
