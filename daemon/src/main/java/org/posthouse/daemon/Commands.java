package org.posthouse.daemon;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The commands by name, in the order in which help lists them. */
final class Commands {
    private static final Map<String, Class<?>> ALL = all();

    private Commands() {}

    /**
     * The command that a line begins with alone, if it begins with one, else all. Looking at every
     * option of every command takes longer than most of them run.
     */
    static Map<String, Class<?>> called(String... arguments) {
        String first = Arrays.stream(arguments).findFirst().orElse("");
        Class<?> command = ALL.get(first);
        return command == null || command == Main.HelpCommand.class ? ALL : Map.of(first, command);
    }

    private static Map<String, Class<?>> all() {
        var all = new LinkedHashMap<String, Class<?>>();
        all.put("dev", DevCommand.class);
        all.put("run", RunCommand.class);
        all.put("check", CheckCommand.class);
        all.put("doctor", DoctorCommand.class);
        all.put("explain", ExplainCommand.class);
        all.put("reload", ReloadCommand.class);
        all.put("status", StatusCommand.class);
        all.put("readyz", ReadyzCommand.class);
        all.put("stop", StopCommand.class);
        all.put("tail", TailCommand.class);
        all.put("top", TopCommand.class);
        all.put("msg", MsgCommand.class);
        all.put("queue", QueueCommand.class);
        all.put("mailq", QueueCommand.Mailq.class);
        all.put("send", SendCommand.class);
        all.put("probe", ProbeCommand.class);
        all.put("spool", SpoolCommand.class);
        all.put("user", UserCommand.class);
        all.put("dns", DnsCommand.class);
        all.put("config", ConfigCommand.class);
        all.put("install-cache", InstallCacheCommand.class);
        all.put("help", Main.HelpCommand.class);
        return Collections.unmodifiableMap(all);
    }
}
