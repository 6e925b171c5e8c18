package org.posthouse.daemon;

import org.posthouse.Posthouse;

import java.util.function.Function;

/**
 * What a sandbox does for its user: what any daemon does. Its rules let mail to anybody in, so that
 * who may relay is no question of them.
 */
record SandboxControl(Posthouse engine, Control control)
        implements Function<ControlRequest, ControlAnswer> {
    @Override
    public ControlAnswer apply(ControlRequest request) {
        return request.verb().equals("status")
                ? Control.status(engine, "nobody, " + SandboxSettings.WHY, "never")
                : control.apply(request);
    }
}
