package org.posthouse.tidy;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Reads one source with the compiler's parser and tells what is too large, and where the order of
 * an unordered collection shows. Sizes count lines from the first modifier to the closing brace;
 * comments before that do not count.
 *
 * <p>{@code Set.of} and the like iterate in an order that differs from run to run, on purpose.
 * Types are not resolved: a collection is known as unordered where it is made, and through the
 * names it is given in the same file.
 */
final class SourceScan extends TreeScanner<@Nullable Void, @Nullable Void> {
    static final int METHOD_LINES_MAX = 70;
    static final int CLASS_LINES_MAX = 600;
    static final int PARAMETERS_MAX = 7;

    static final Set<String> SIZE_RULES = Set.of("method-lines", "class-lines", "parameters");
    static final Set<String> ORDER_RULES = Set.of("order");

    private static final Set<String> UNORDERED_OWNERS = Set.of("Set", "Map");
    private static final Set<String> UNORDERED_FACTORIES = Set.of("of", "ofEntries", "copyOf");
    private static final Set<String> UNORDERED_COLLECTORS =
            Set.of("toUnmodifiableSet", "toUnmodifiableMap");
    private static final Set<String> VIEWS = Set.of("keySet", "values", "entrySet");
    private static final Set<String> ORDERED_USES =
            Set.of("iterator", "stream", "forEach", "toArray", "spliterator");

    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final Set<String> unorderedNames = new HashSet<>();
    private final List<Finding> findings = new ArrayList<>();
    private final Deque<String> places = new ArrayDeque<>();

    /**
     * A record's constructor takes its components, which have names at the call that matters: the
     * builder's.
     */
    private boolean inRecord;

    private SourceScan(CompilationUnitTree unit, SourcePositions positions) {
        this.unit = unit;
        this.positions = positions;
    }

    /** The findings in one source text; {@code name} is for messages. */
    static List<Finding> scan(String name, String text) {
        return scan(List.of(source(name, text)));
    }

    /** The findings in several sources, read by one compiler: to set one up takes its time. */
    static List<Finding> scan(List<JavaFileObject> sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        JavacTask task =
                (JavacTask) compiler.getTask(null, null, diagnostics, List.of(), null, sources);
        try {
            List<Finding> findings = new ArrayList<>();
            for (CompilationUnitTree unit : task.parse()) {
                findings.addAll(
                        new SourceScan(unit, Trees.instance(task).getSourcePositions()).run());
            }
            if (!diagnostics.getDiagnostics().isEmpty()) {
                throw new IllegalArgumentException(diagnostics.getDiagnostics().toString());
            }
            return findings;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JavaFileObject source(String name, String text) {
        return new SimpleJavaFileObject(
                URI.create("string:///" + name), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }

    private List<Finding> run() {
        new NameCollector().scan(unit, null);
        scan(unit, null);
        return findings;
    }

    @Override
    public @Nullable Void visitClass(ClassTree tree, @Nullable Void nothing) {
        String name = tree.getSimpleName().toString();
        if (name.isEmpty()) { // anonymous: part of its method
            return super.visitClass(tree, nothing);
        }
        boolean top = places.isEmpty();
        places.push(top ? packagePrefix() + name : places.peek() + "$" + name);
        boolean outerRecord = inRecord;
        inRecord = tree.getKind() == Tree.Kind.RECORD;
        long lines = lines(tree);
        if (top && lines > CLASS_LINES_MAX) {
            report("class-lines", lines + " lines, more than " + CLASS_LINES_MAX);
        }
        super.visitClass(tree, nothing);
        inRecord = outerRecord;
        places.pop();
        return null;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree tree, @Nullable Void nothing) {
        String type = places.isEmpty() ? "" : places.element();
        places.push(type.replaceAll("#.*", "") + "#" + tree.getName());
        long lines = lines(tree);
        if (lines > METHOD_LINES_MAX) {
            report("method-lines", lines + " lines, more than " + METHOD_LINES_MAX);
        }
        int parameters = tree.getParameters().size();
        boolean component = inRecord && tree.getName().contentEquals("<init>");
        if (parameters > PARAMETERS_MAX && !component) {
            report("parameters", parameters + " parameters, more than " + PARAMETERS_MAX);
        }
        super.visitMethod(tree, nothing);
        places.pop();
        return null;
    }

    @Override
    public @Nullable Void visitEnhancedForLoop(EnhancedForLoopTree tree, @Nullable Void nothing) {
        if (unordered(tree.getExpression())) {
            reportOrder(tree, tree.getExpression());
        }
        return super.visitEnhancedForLoop(tree, nothing);
    }

    @Override
    public @Nullable Void visitMethodInvocation(MethodInvocationTree tree, @Nullable Void nothing) {
        if (tree.getMethodSelect() instanceof MemberSelectTree select
                && ORDERED_USES.contains(select.getIdentifier().toString())
                && unordered(select.getExpression())) {
            reportOrder(tree, select);
        }
        if (copies(tree.getMethodSelect())
                && tree.getArguments().stream().anyMatch(this::unordered)) {
            reportOrder(tree, tree);
        }
        return super.visitMethodInvocation(tree, nothing);
    }

    @Override
    public @Nullable Void visitNewClass(NewClassTree tree, @Nullable Void nothing) {
        String type = tree.getIdentifier().toString().replaceAll("<.*", "");
        boolean ordered =
                type.endsWith("List") || type.endsWith("Deque") || type.contains("Linked");
        if (ordered && tree.getArguments().stream().anyMatch(this::unordered)) {
            reportOrder(tree, tree);
        }
        return super.visitNewClass(tree, nothing);
    }

    /** {@code List.copyOf(set)} freezes the order of the moment. */
    private static boolean copies(ExpressionTree method) {
        return method.toString().equals("List.copyOf");
    }

    private boolean unordered(ExpressionTree expression) {
        return switch (expression) {
            case IdentifierTree name -> unorderedNames.contains(name.getName().toString());
            case MemberSelectTree select ->
                    select.getExpression().toString().equals("this")
                            && unorderedNames.contains(select.getIdentifier().toString());
            case MethodInvocationTree call ->
                    makesUnordered(call)
                            || call.getMethodSelect() instanceof MemberSelectTree select
                                    && VIEWS.contains(select.getIdentifier().toString())
                                    && unordered(select.getExpression());
            default -> false;
        };
    }

    /**
     * A factory of two or more entries, or of a number that does not show; a collector; a copy.
     * {@code Set.of()} and {@code Set.of(x)} have no order to leak.
     */
    private static boolean makesUnordered(@Nullable Tree tree) {
        if (!(tree instanceof MethodInvocationTree call)) {
            return false;
        }
        if (call.getMethodSelect() instanceof MemberSelectTree select) {
            String name = select.getIdentifier().toString();
            String owner = select.getExpression().toString();
            if (UNORDERED_OWNERS.contains(owner) && UNORDERED_FACTORIES.contains(name)) {
                int entries = call.getArguments().size() / (owner.equals("Map") ? 2 : 1);
                return entries > 1 || !name.equals("of");
            }
            if (name.equals("collect")) {
                return call.getArguments().stream().anyMatch(SourceScan::collectsUnordered);
            }
        }
        return false;
    }

    private static boolean collectsUnordered(ExpressionTree argument) {
        return argument instanceof MethodInvocationTree call
                && UNORDERED_COLLECTORS.contains(
                        call.getMethodSelect().toString().replaceAll(".*\\.", ""));
    }

    /** Learns which names of the file stand for an unordered collection. */
    private final class NameCollector extends TreeScanner<@Nullable Void, @Nullable Void> {
        @Override
        public @Nullable Void visitVariable(VariableTree tree, @Nullable Void nothing) {
            if (makesUnordered(tree.getInitializer())) {
                unorderedNames.add(tree.getName().toString());
            }
            return super.visitVariable(tree, nothing);
        }

        @Override
        public @Nullable Void visitAssignment(AssignmentTree tree, @Nullable Void nothing) {
            if (makesUnordered(tree.getExpression())) {
                unorderedNames.add(tree.getVariable().toString().replaceAll("^this\\.", ""));
            }
            return super.visitAssignment(tree, nothing);
        }
    }

    @Override
    public @Nullable Void visitMemberReference(MemberReferenceTree tree, @Nullable Void nothing) {
        if (ORDERED_USES.contains(tree.getName().toString())
                && unordered(tree.getQualifierExpression())) {
            reportOrder(tree, tree);
        }
        return super.visitMemberReference(tree, nothing);
    }

    private void reportOrder(Tree at, Tree what) {
        report("order", what + " in line " + line(positions.getStartPosition(unit, at)));
    }

    private void report(String rule, String detail) {
        findings.add(new Finding(rule, places.isEmpty() ? "" : places.element(), detail));
    }

    private String packagePrefix() {
        return Optional.ofNullable(unit.getPackageName()).map(name -> name + ".").orElse("");
    }

    private long lines(Tree tree) {
        long start = positions.getStartPosition(unit, tree);
        long end = positions.getEndPosition(unit, tree);
        if (end < 0) {
            throw new IllegalStateException("no end of " + tree.getKind());
        }
        return line(end) - line(start) + 1;
    }

    private long line(long position) {
        return unit.getLineMap().getLineNumber(position);
    }

    static Set<String> rulesOf(List<Finding> findings) {
        return findings.stream().map(Finding::rule).collect(Collectors.toSet());
    }
}
