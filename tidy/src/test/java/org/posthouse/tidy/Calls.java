package org.posthouse.tidy;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.domain.JavaConstructor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The calls that make something ambient: time, waiting, threads, randomness, addresses, files and
 * connections that do not come through the platform's seams.
 */
final class Calls {
    /** A call as the rules see it: owner and parameters by their full names. */
    private record Call(JavaClass owner, String name, List<String> parameters) {
        boolean on(String... types) {
            return Stream.of(types).anyMatch(owner::isAssignableTo);
        }

        boolean named(String... names) {
            return List.of(names).contains(name);
        }

        boolean constructs() {
            return name.equals(JavaConstructor.CONSTRUCTOR_NAME);
        }

        boolean under(String prefix) {
            return owner.getName().startsWith(prefix);
        }

        @Override
        public String toString() {
            return owner.getName() + "." + name + "(" + String.join(", ", parameters) + ")";
        }
    }

    private static final Map<String, Predicate<Call>> RULES = rules();

    private Calls() {}

    private static Map<String, Predicate<Call>> rules() {
        Map<String, Predicate<Call>> rules = new LinkedHashMap<>();
        rules.put("clock", Calls::clock);
        rules.put("wait", Calls::timedWait);
        rules.put("thread", Calls::thread);
        rules.put("random", Calls::random);
        rules.put("address", Calls::address);
        rules.put("file", Calls::file);
        rules.put("network", Calls::network);
        return rules;
    }

    static Set<String> names() {
        return RULES.keySet();
    }

    /**
     * What the code of these classes calls or refers to against a rule; synthetic names are given
     * as those of the source.
     */
    static List<Finding> find(Iterable<JavaClass> classes) {
        List<Finding> findings = new ArrayList<>();
        for (JavaClass type : classes) {
            Stream.<JavaCodeUnitAccess<? extends CodeUnitAccessTarget>>concat(
                            type.getCodeUnitCallsFromSelf().stream(),
                            type.getCodeUnitReferencesFromSelf().stream())
                    .forEach(access -> judge(type, access, findings));
        }
        return findings;
    }

    private static void judge(
            JavaClass type,
            JavaCodeUnitAccess<? extends CodeUnitAccessTarget> access,
            List<Finding> findings) {
        CodeUnitAccessTarget target = access.getTarget();
        Call call =
                new Call(
                        target.getOwner(),
                        target.getName(),
                        target.getRawParameterTypes().stream().map(JavaClass::getName).toList());
        RULES.forEach(
                (rule, forbids) -> {
                    if (forbids.test(call)) {
                        String place = type.getName() + "#" + methodOf(access.getOrigin());
                        findings.add(
                                new Finding(
                                        rule, place, call + " in line " + access.getLineNumber()));
                    }
                });
    }

    private static String methodOf(JavaCodeUnit unit) {
        String name = unit.getName();
        return name.startsWith("lambda$") ? name.split("\\$")[1] : name;
    }

    private static boolean clock(Call call) {
        return call.on("java.lang.System") && call.named("nanoTime", "currentTimeMillis")
                || call.under("java.time.") && call.named("now")
                || call.on("java.time.Clock") && call.name().startsWith("system")
                || call.on("java.time.Clock") && call.name().startsWith("tick")
                || call.on("java.util.Date") && call.constructs() && call.parameters().isEmpty()
                || call.on("java.util.Calendar") && call.named("getInstance");
    }

    private static boolean timedWait(Call call) {
        boolean timed =
                call.parameters().contains("long")
                                && call.parameters().contains("java.util.concurrent.TimeUnit")
                        || call.parameters().contains("java.time.Duration");
        return call.on("java.lang.Thread") && call.named("sleep")
                || call.on("java.lang.Thread") && call.named("join") && !call.parameters().isEmpty()
                || call.named("wait") && call.parameters().contains("long")
                || call.on("java.util.concurrent.TimeUnit")
                        && call.named("sleep", "timedWait", "timedJoin")
                || call.under("java.util.concurrent.")
                        && !call.on("java.util.concurrent.TimeUnit")
                        && timed
                || call.under("java.util.concurrent.")
                        && call.named("awaitNanos", "awaitUntil", "parkNanos", "parkUntil");
    }

    private static boolean thread(Call call) {
        return call.on("java.lang.Thread") && call.constructs()
                || call.on("java.lang.Thread")
                        && call.named("ofVirtual", "ofPlatform", "startVirtualThread")
                || call.on("java.util.concurrent.Executors")
                || call.on("java.util.concurrent.ForkJoinPool")
                || call.on("java.util.concurrent.ThreadPoolExecutor") && call.constructs()
                || call.on("java.util.Timer") && call.constructs()
                || call.on("java.util.concurrent.CompletableFuture")
                        && call.name().endsWith("Async")
                || call.named("parallelStream")
                || call.on("java.util.stream.BaseStream") && call.named("parallel");
    }

    private static boolean random(Call call) {
        return call.on("java.util.UUID") && call.named("randomUUID")
                || call.on("java.lang.Math", "java.lang.StrictMath") && call.named("random")
                || call.on("java.security.SecureRandom")
                || call.on("java.util.concurrent.ThreadLocalRandom")
                || call.on("java.util.Random", "java.util.SplittableRandom")
                        && call.constructs()
                        && call.parameters().isEmpty()
                || call.on("java.util.random.RandomGenerator") && call.named("of", "getDefault")
                || call.on("java.util.Collections")
                        && call.named("shuffle")
                        && call.parameters().size() == 1
                || call.on("java.lang.System") && call.named("identityHashCode");
    }

    /**
     * Looking up a name, or a numeric literal by the method that would look it up if it were a
     * name.
     */
    private static boolean address(Call call) {
        return call.on("java.net.InetAddress")
                        && call.named(
                                "getByName",
                                "getAllByName",
                                "getLocalHost",
                                "getHostName",
                                "getCanonicalHostName",
                                "isReachable")
                || call.on("java.net.InetSocketAddress")
                        && call.constructs()
                        && call.parameters().contains("java.lang.String")
                || call.on("java.net.InetSocketAddress") && call.named("getHostName")
                || call.on("java.net.NetworkInterface");
    }

    private static boolean file(Call call) {
        return call.on("java.nio.file.Files", "java.io.RandomAccessFile")
                || call.on(
                                "java.nio.channels.FileChannel",
                                "java.nio.channels.AsynchronousFileChannel")
                        && call.named("open")
                || call.on("java.io.FileInputStream", "java.io.FileOutputStream")
                || call.on("java.io.FileReader", "java.io.FileWriter")
                || call.on("java.io.File") && !call.named("toPath", "getName", "getPath");
    }

    private static boolean network(Call call) {
        return call.on("java.net.Socket", "java.net.ServerSocket", "java.net.DatagramSocket")
                || call.on("java.nio.channels.NetworkChannel", "java.nio.channels.Selector")
                        && call.named("open")
                || call.on("javax.net.SocketFactory", "javax.net.ServerSocketFactory")
                || call.on("java.net.URL") && call.named("openStream", "openConnection")
                || call.under("java.net.http.");
    }
}
