//! Mail over SMTP (lettre).

use crate::config::{MailSection, MailSecurity, secret_file};
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use pass_core::Fault;
use pass_core::ports::{Answer, Mail, Mailer};
use std::time::Duration;

/// How long `pass doctor` waits for a mail server.
const GREETING: Duration = Duration::from_secs(5);

/// Hands messages to one SMTP server.
pub struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl SmtpMailer {
    /// Prepares the transport; no connection is made before the first message.
    pub fn new(section: &MailSection) -> Result<Self, Fault> {
        let bad = |error: lettre::transport::smtp::Error| Fault::because("prepare the mail transport", error);
        let mut builder = match section.security {
            MailSecurity::Tls => AsyncSmtpTransport::<Tokio1Executor>::relay(&section.host).map_err(bad)?,
            MailSecurity::Starttls => {
                AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(&section.host).map_err(bad)?
            }
            MailSecurity::None => AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&section.host),
        };
        builder = builder.port(section.port);
        if let (Some(user), Some(file)) = (&section.user, &section.password_file) {
            builder = builder.credentials(Credentials::new(user.clone(), secret_file(file)?));
        }
        let from = section.from.parse().map_err(|error| Fault::because("read mail.from", error))?;
        Ok(Self { transport: builder.build(), from })
    }

    /// Connects, greets and, where there is a password, says it; nothing is sent.
    pub async fn greet(&self) -> Result<(), Fault> {
        let greeting = tokio::time::timeout(GREETING, self.transport.test_connection());
        match greeting.await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(Fault::new("greet the mail server: it hung up")),
            Ok(Err(error)) => Err(Fault::because("greet the mail server", error)),
            Err(_) => Err(Fault::new("greet the mail server: no answer in five seconds")),
        }
    }

    async fn deliver(&self, mail: &Mail) -> Result<(), Fault> {
        // The address is personal: neither it nor the library's error, which may quote it, goes into the fault.
        let to = mail.to.parse().map_err(|_| Fault::new("send mail: the address is not valid"))?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(&mail.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(mail.body.clone())
            .map_err(|_| Fault::new("send mail: the message cannot be built"))?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(Fault::new("send mail: the server refused it for good")),
            Err(_) => Err(Fault::new("send mail: the server did not take it")),
        }
    }
}

impl Mailer for SmtpMailer {
    fn send<'a>(&'a self, mail: &'a Mail) -> Answer<'a, Result<(), Fault>> {
        Box::pin(self.deliver(mail))
    }
}
