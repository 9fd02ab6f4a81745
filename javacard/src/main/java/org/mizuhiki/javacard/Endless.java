package org.mizuhiki.javacard;

import org.mizuhiki.house.Refusal;

/// An applet took more steps for one command than it is allowed. Not an exception of the Java Card API;
/// no handler of an applet's keeps it ([Allowance#caught]).
public final class Endless extends Error {
    private static final long serialVersionUID = 1L;

    Endless() {
        super("too many steps", null, false, false);
    }

    /// To the terminal it is a card that did not answer in time: the reader has cut its power.
    public Refusal refusal() {
        return Refusal.of(
                "card-silent",
                "カードが時間内に応答しなかったため、電源を入れ直しました。アプレットを選択し直してください",
                "The card did not answer in time and was reset; select the applet again");
    }
}
