package org.mizuhiki.dues;

import java.util.Optional;
import java.util.regex.Pattern;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.usage.Month;

/// An institution as a member that pays.
///
/// @param plan of the month that was asked for; empty before its first month
/// @param last the last month that is paid for; absent while it goes on
public record Account(InstitutionCode institution, String name, String plan, Optional<Month> last, Contact contact) {
    /// @throws Refusal `text-malformed`
    public Account {
        Words.needed(64, name);
    }

    /// Where the invoice goes, as the institution itself says; texts may be empty.
    ///
    /// @param department such as 事務部
    /// @param post postal code, such as `656-0021`
    /// @param mail address of a mailbox that the office may tell
    public record Contact(String department, String post, String address, String mail) {
        private static final Pattern POST = Pattern.compile("|[0-9]{3}-[0-9]{4}");
        private static final Pattern MAIL = Pattern.compile("|[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}");
        static final Contact NONE = new Contact("", "", "", "");

        /// @throws Refusal `text-malformed`, `contact-malformed`
        public Contact {
            Words.upTo(64, department);
            Words.upTo(120, address);
            if (!POST.matcher(post).matches() || !MAIL.matcher(mail).matches()) {
                throw Refusal.of(
                        "contact-malformed",
                        "郵便番号は 656-0021、メールは name@example.jp の形で書いてください",
                        "A postal code is written as 656-0021, a mail address as name@example.jp");
            }
        }
    }
}
