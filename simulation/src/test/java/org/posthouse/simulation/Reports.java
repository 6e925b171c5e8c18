package org.posthouse.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads delivery reports (RFC 3464), as far as they are those of the engine. */
final class Reports {
    private static final Pattern MESSAGE_ID = Pattern.compile("\r\nMessage-ID: <([^>]*)>\r\n");
    private static final Pattern RECIPIENT =
            Pattern.compile("Final-Recipient: rfc822; (\\S+)\r\nAction: (\\S+)\r\n");

    private Reports() {}

    /**
     * What a report says of a recipient.
     *
     * @param report the report's own Message-ID
     * @param id the name of the message that it is about
     */
    record Line(String report, String id, String recipient, String action) {}

    static boolean isReport(String content) {
        return content.contains("report-type=delivery-status");
    }

    static List<Line> lines(String content) {
        Matcher name = MESSAGE_ID.matcher(content);
        String report = name.find() ? name.group(1) : "";
        List<Line> lines = new ArrayList<>();
        Matcher recipient = RECIPIENT.matcher(content);
        while (recipient.find()) {
            lines.add(
                    new Line(report, Sheet.idIn(content), recipient.group(1), recipient.group(2)));
        }
        return lines;
    }
}
