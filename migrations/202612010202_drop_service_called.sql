-- What a service is called is asked of `access.named` wherever a referral is read; nothing calls this any more.
drop function access.service_called(uuid, text, text);
