package org.posthouse.simulation;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.function.Consumer;

/**
 * A deliberate defect: one method of the engine made wrong in its class file. What an invariant is
 * worth shows in which of these it finds.
 */
sealed interface Sabotage {
    /** The class, below {@code org.posthouse}. */
    String type();

    /** The method; all of that name. */
    String method();

    /** The method answers the same whatever it is asked: a boolean, a number, or none. */
    record Answers(String type, String method, Object answer) implements Sabotage {
        @Override
        public void change(ClassBuilder out, MethodModel model) {
            out.withMethod(
                    model.methodName(),
                    model.methodType(),
                    model.flags().flagsMask(),
                    method -> method.withCode(this::answer));
        }

        private void answer(CodeBuilder code) {
            switch (answer) {
                case Boolean is -> code.loadConstant(is ? 1 : 0).ireturn();
                case Integer number -> code.loadConstant(number).ireturn();
                case Long number -> code.loadConstant(number).lreturn();
                case Constant at -> code.getstatic(at.type(), at.name(), at.type()).areturn();
                default -> code.return_();
            }
        }
    }

    /** A constant of a class, of that class' own type. */
    record Constant(String owner, String name) {
        ClassDesc type() {
            return ClassDesc.of(owner);
        }
    }

    /** The method leaves out its calls of another one, and goes on as if that gave nothing. */
    record Omits(String type, String method, String call) implements Sabotage {
        @Override
        public void change(ClassBuilder out, MethodModel model) {
            out.transformMethod(
                    model,
                    MethodTransform.transformingCode((code, element) -> copy(code, element)));
        }

        private void copy(CodeBuilder code, CodeElement element) {
            if (element instanceof InvokeInstruction invoke
                    && invoke.name().equalsString(call)
                    && !call.equals("<init>")) {
                leaveOut(code, invoke);
            } else {
                code.with(element);
            }
        }

        private static void leaveOut(CodeBuilder code, InvokeInstruction invoke) {
            List<ClassDesc> taken = invoke.typeSymbol().parameterList();
            for (int i = taken.size() - 1; i >= 0; i--) {
                pop(code, taken.get(i));
            }
            if (invoke.opcode() != Opcode.INVOKESTATIC) {
                code.pop();
            }
            ClassDesc given = invoke.typeSymbol().returnType();
            switch (TypeKind.from(given)) {
                case VOID -> {
                    // nothing is expected
                }
                case LONG -> code.lconst_0();
                case DOUBLE -> code.dconst_0();
                case REFERENCE -> code.aconst_null();
                default -> code.iconst_0();
            }
        }

        private static void pop(CodeBuilder code, ClassDesc type) {
            if (TypeKind.from(type).slotSize() == 2) {
                code.pop2();
            } else {
                code.pop();
            }
        }
    }

    /** The method, which returns nothing, does all that it does twice. */
    record Twice(String type, String method) implements Sabotage {
        @Override
        public void change(ClassBuilder out, MethodModel model) {
            String once = method + "Once";
            out.withMethod(
                    once,
                    model.methodTypeSymbol(),
                    model.flags().flagsMask(),
                    copy -> model.code().ifPresent(code -> copy.withCode(all(code))));
            out.withMethod(
                    model.methodName(),
                    model.methodType(),
                    model.flags().flagsMask(),
                    twice -> twice.withCode(code -> call(code, model, once)));
        }

        private static Consumer<CodeBuilder> all(CodeModel model) {
            return code -> model.forEach(code::with);
        }

        private void call(CodeBuilder code, MethodModel model, String once) {
            MethodTypeDesc form = model.methodTypeSymbol();
            ClassDesc owner = ClassDesc.of("org.posthouse." + type);
            for (int i = 0; i < 2; i++) {
                code.aload(0);
                for (int j = 0; j < form.parameterCount(); j++) {
                    code.loadLocal(TypeKind.from(form.parameterType(j)), code.parameterSlot(j));
                }
                code.invokevirtual(owner, once, form);
            }
            code.return_();
        }
    }

    /** Writes the method as it must not be. */
    void change(ClassBuilder out, MethodModel model);

    /** The class file with the defect in it. */
    default byte[] applied(byte[] octets) {
        ClassFile files = ClassFile.of();
        ClassModel whole = files.parse(octets);
        int[] changed = {0};
        byte[] result =
                files.build(
                        whole.thisClass().asSymbol(),
                        out -> {
                            for (ClassElement element : whole) {
                                if (element instanceof MethodModel model
                                        && model.code().isPresent()
                                        && model.methodName().equalsString(method())) {
                                    change(out, model);
                                    changed[0]++;
                                } else {
                                    out.with(element);
                                }
                            }
                        });
        if (changed[0] == 0) {
            throw new IllegalStateException("no method " + method() + " in " + type());
        }
        return result;
    }
}
