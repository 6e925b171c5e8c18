package org.posthouse.relay;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text record at {@code _mta-sts.DOMAIN} (RFC 8461 section 3.1). */
final class StsRecord {
    private static final String VERSION = "v=STSv1;";
    private static final int OCTETS_MAX = 4096;
    private static final String BLANKS = "[ \\t]*";
    private static final String KEY = "([A-Za-z0-9][A-Za-z0-9_.-]{0,31})";
    private static final String VALUE = "([\\x21-\\x3a\\x3c\\x3e-\\x7e]*)";
    private static final Pattern FIELD = Pattern.compile(BLANKS + KEY + "=" + VALUE + BLANKS);
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9]{1,32}");

    private StsRecord() {}

    /**
     * The number of the policy. Empty when there is none: no record of this version, more than one,
     * or one that is wrong.
     */
    static Optional<String> id(List<String> texts) {
        List<String> records = texts.stream().filter(text -> text.startsWith(VERSION)).toList();
        return records.size() == 1 && records.getFirst().length() <= OCTETS_MAX
                ? ofFields(records.getFirst().substring(VERSION.length()))
                : Optional.empty();
    }

    private static Optional<String> ofFields(String fields) {
        Optional<String> id = Optional.empty();
        for (String field : fields.split(";", -1)) {
            Matcher parts = FIELD.matcher(field);
            if (parts.matches()) {
                boolean isFirstId = parts.group(1).equals("id") && id.isEmpty();
                id = isFirstId ? Optional.of(parts.group(2)) : id;
            } else if (!field.isBlank()) {
                return Optional.empty();
            }
        }
        return id.filter(found -> ID.matcher(found).matches());
    }
}
