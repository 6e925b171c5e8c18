package org.posthouse.daemon;

import org.posthouse.core.SpoolId;
import org.posthouse.spool.SpoolCheck;
import org.posthouse.spool.SpoolDamage;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** What a check found, as people read it. */
final class CheckText {
    /** Messages, or damaged places, that are told one by one; --json has more. */
    private static final int TOLD_MAX = 20;

    private final StringBuilder text = new StringBuilder();

    private CheckText() {}

    static String of(Path directory, String holder, SpoolCheck check) {
        var page = new CheckText();
        page.text.append(directory).append('\n');
        if (!holder.isEmpty()) {
            page.row("in use", "by " + holder + "; the newest octets may be in motion");
        }
        page.figures(check);
        page.damage(check);
        return page.text.toString();
    }

    private void figures(SpoolCheck check) {
        SpoolCheck.Segments segments = check.segments();
        row(
                "segments",
                Figures.count(segments.used())
                        + " in use, "
                        + Figures.count(segments.free())
                        + " free, "
                        + (segments.bulk() == 0
                                ? ""
                                : Figures.count(segments.bulk()) + " of large content, ")
                        + Figures.octets(segments.octets())
                        + ", format "
                        + check.version());
        row("frames", Figures.count(check.frameCount()) + " good");
        SpoolCheck.Queue queue = check.queue();
        row(
                "queued",
                Figures.count(queue.messageCount(), "message", "messages")
                        + ", "
                        + Figures.count(queue.deliveryCount(), "delivery", "deliveries")
                        + held(queue.heldCount())
                        + ", "
                        + Figures.octets(queue.octets()));
        SpoolCheck.Oldest oldest = queue.oldest();
        if (oldest != null) {
            row("oldest", oldest.id() + ", accepted " + oldest.acceptedAt());
        }
        SpoolCheck.Tail tail = check.tail();
        row(
                "tail",
                Figures.octets(tail.keptOctets())
                        + " whole, "
                        + Figures.octets(tail.cutOctets())
                        + " cut");
    }

    private static String held(long count) {
        return count == 0 ? "" : " (" + Figures.count(count) + " held)";
    }

    private void damage(SpoolCheck check) {
        if (!check.isComplete()) {
            row("note", "the log changed too quickly to read it to its end; stop the daemon");
        }
        if (check.isFine()) {
            row("damage", "none");
            return;
        }
        row(
                "DAMAGE",
                Figures.count(check.damageCount(), "place", "places")
                        + setAside(check.setAsideCount())
                        + "; posthouse help "
                        + SpoolCheckCommand.DAMAGED);
        List<SpoolDamage> damage = check.damage();
        damage.stream().limit(TOLD_MAX).forEach(this::damage);
        more(check.damageCount(), "places");
        check.setAside().stream().limit(TOLD_MAX).forEach(this::setAside);
        more(check.setAsideCount(), "messages");
    }

    private static String setAside(long count) {
        return count == 0 ? "" : ", " + Figures.count(count, "message", "messages") + " not whole";
    }

    private void damage(SpoolDamage damage) {
        text.append("  ").append(damage.file());
        if (damage.generation() > 0) {
            text.append(" (generation ").append(damage.generation()).append(')');
        }
        text.append(" at octet ").append(damage.position()).append('\n');
        text.append("     ").append(damage.text()).append('\n');
        if (damage.messageCount() > 0) {
            String ids =
                    damage.messages().stream()
                            .limit(TOLD_MAX)
                            .map(SpoolId::toString)
                            .collect(Collectors.joining(" "));
            long more = damage.messageCount() - Math.min(TOLD_MAX, damage.messages().size());
            text.append("     touches ").append(ids);
            text.append(more > 0 ? " and " + Figures.count(more) + " more\n" : "\n");
        }
    }

    private void setAside(SpoolCheck.SetAside message) {
        text.append("  ").append(message.id()).append(" lacks ");
        text.append(Figures.octets(message.lackingOctets()));
        text.append(" of its content and is not delivered\n");
    }

    private void more(long count, String what) {
        if (count > TOLD_MAX) {
            text.append("  and ").append(Figures.count(count - TOLD_MAX));
            text.append(" more ").append(what).append('\n');
        }
    }

    private void row(String name, String value) {
        text.append("  ").append(name).append(" ".repeat(10 - name.length())).append(value);
        text.append('\n');
    }
}
