package org.posthouse.testkit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;
import org.posthouse.Posthouse;

import java.util.LinkedHashMap;
import java.util.Map;

/** What {@link PosthouseTest} does: a server a class, a handle and an internet a test. */
final class PosthouseExtension
        implements BeforeAllCallback, AfterAllCallback, AfterEachCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(PosthouseExtension.class);

    private static final String SERVER = "server";

    /** In a coat: a store may close what it can. */
    private record Kept(SandboxServer server) {}

    private record Internet(FakeInternet internet) {}

    PosthouseExtension() {}

    @Override
    public void beforeAll(ExtensionContext context) {
        if (context.getStore(NAMESPACE).get(SERVER) == null) { // a nested class has its outer's
            context.getStore(NAMESPACE).put(SERVER, new Kept(SandboxServer.start(setup(context))));
        }
    }

    private static SandboxServer.Setup setup(ExtensionContext context) {
        PosthouseTest wanted =
                AnnotationSupport.findAnnotation(
                                context.getRequiredTestClass(), PosthouseTest.class)
                        .orElseThrow();
        var logins = new LinkedHashMap<String, String>();
        for (String each : wanted.logins()) {
            String[] parts = each.split(":", 2);
            if (parts.length < 2) {
                throw new IllegalArgumentException("not LOGIN:PASSWORD: " + each);
            }
            logins.put(parts[0], parts[1]);
        }
        return new SandboxServer.Setup(wanted.tls(), Map.copyOf(logins), false, 0);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == MailSandbox.class || type == FakeInternet.class || type == Posthouse.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        if (type == MailSandbox.class) {
            return sandbox(context);
        }
        FakeInternet internet = internet(context);
        return type == Posthouse.class ? internet.posthouse() : internet;
    }

    /** The internet of a test, the same for each parameter of it. */
    private static FakeInternet internet(ExtensionContext context) {
        FakeInternet internet = begun(context);
        if (internet == null) {
            internet = FakeInternet.create();
            context.getStore(NAMESPACE).put(internetKey(context), new Internet(internet));
        }
        return internet;
    }

    private static @Nullable FakeInternet begun(ExtensionContext context) {
        Internet begun = context.getStore(NAMESPACE).get(internetKey(context), Internet.class);
        return begun == null ? null : begun.internet();
    }

    private static MailSandbox sandbox(ExtensionContext context) {
        MailSandbox handle = handle(context);
        if (handle == null) {
            Object kept = context.getStore(NAMESPACE).get(SERVER);
            if (!(kept instanceof Kept(SandboxServer server))) {
                throw new ParameterResolutionException("@PosthouseTest has not begun");
            }
            handle = MailSandbox.of(server);
            context.getStore(NAMESPACE).put(key(context), handle);
        }
        return handle;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        MailSandbox handle = handle(context);
        if (handle != null) {
            handle.clear();
        }
        FakeInternet internet = begun(context);
        if (internet != null) {
            internet.close();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Object kept = context.getStore(NAMESPACE).remove(SERVER);
        if (kept instanceof Kept(SandboxServer own)) {
            own.close();
        }
    }

    private static @Nullable MailSandbox handle(ExtensionContext context) {
        return context.getStore(NAMESPACE).get(key(context), MailSandbox.class);
    }

    private static String internetKey(ExtensionContext context) {
        return "internet of " + context.getUniqueId();
    }

    /** Stores show what is in those above them: each test has a key of its own. */
    private static String key(ExtensionContext context) {
        return "handle of " + context.getUniqueId();
    }
}
