### كلمات الصفحات.

## Everywhere

sign-in = تسجيل الدخول
create-account = إنشاء حساب
sign-out = تسجيل الخروج
cancel = إلغاء
copy = نسخ
copied = تم النسخ
other-account = استخدام حساب آخر
warning = تحذير
to-start = الانتقال إلى صفحة البداية
signed-in-as = مسجّل الدخول باسم

shell-privacy = الخصوصية
shell-terms = الشروط
shell-made-with = يعمل بواسطة Latchkey

## Start page

index-title = حسابك
index-title-signed-in = تم تسجيل الدخول
index-heading = حسابك يبدأ من هنا
index-lead = هنا يسجّل الدخول من هم على { $homeserver }، أيًا كان تطبيق المحادثة الذي يستخدمونه.
index-from-app = أتيت من تطبيق محادثة؟ عد إليه وسجّل الدخول من هناك، وسيحضرك إلى هنا من تلقاء نفسه.
index-heading-signed-in = أنت مسجّل الدخول
index-signed-in-apps = يمكن الآن لتطبيقات المحادثة التي تفتحها في هذا المتصفح أن تطلب استخدام هذا الحساب.
index-discovery = مستند الاكتشاف

## Signing in

login-title = تسجيل الدخول
login-title-problem = مشكلة في تسجيل الدخول
login-heading = تسجيل الدخول
login-lead = بحسابك على { $homeserver }.
login-next-app = للمتابعة إلى { $app }
login-next-account = لإدارة حسابك.
login-next-link = بعد ذلك سيُربط به حسابك لدى { $provider }.
login-username = اسم المستخدم
login-username-or-email = اسم المستخدم أو عنوان البريد الإلكتروني
login-password = كلمة المرور
login-show-password = إظهار كلمة المرور
login-or = أو
login-provider = المتابعة باستخدام { $provider }
login-no-account = ليس لديك حساب بعد؟

login-problem = لم تسجّل الدخول بعد
login-username-missing = أدخل اسم المستخدم.
login-password-missing = أدخل كلمة المرور.
login-wrong-credentials = لا يوجد حساب بهذا الاسم وكلمة المرور. تحقق من كليهما وأعد المحاولة.
login-wrong-password = هذه ليست كلمة مرور الحساب أدناه. تحقق منها وأعد المحاولة.
login-throttled =
    { $minutes ->
        [one] كانت المحاولات كثيرة. انتظر دقيقة ثم أعد المحاولة.
        [two] كانت المحاولات كثيرة. انتظر دقيقتين ثم أعد المحاولة.
        [few] كانت المحاولات كثيرة. انتظر { $minutes } دقائق ثم أعد المحاولة.
       *[other] كانت المحاولات كثيرة. انتظر { $minutes } دقيقة ثم أعد المحاولة.
    }
login-form-expired = بقيت هذه الصفحة مفتوحة طويلًا، أو أن متصفحك يرفض ملفات تعريف الارتباط. أدخل كلمة مرورك مرة أخرى.

login-no-way = لا يمكن لأحد تسجيل الدخول هنا في الوقت الحالي
login-no-way-detail = كل طرق تسجيل الدخول متوقفة. يمكن للقائمين على { $homeserver } تغيير ذلك.

## Creating an account

register-title = إنشاء حساب
register-title-problem = مشكلة في إنشاء الحساب
register-lead = على { $homeserver }، لأي تطبيق محادثة يدعم Matrix.
register-username-hint = سيجدك الآخرون باسم @username:{ $homeserver }. لا يمكن تغييره لاحقًا.
register-email = عنوان البريد الإلكتروني
register-email-hint = نرسل إليه رمزًا لنتأكد من أنه لك.
register-password-hint = بضع كلمات غير مألوفة يسهل حفظها ويصعب تخمينها.
register-password-confirm = كلمة المرور مرة أخرى
register-accept = قرأت شروط الخدمة وأوافق عليها
register-read-terms = قراءة الشروط
register-have-account = لديك حساب بالفعل؟
register-continue = متابعة

register-problem = لا يوجد حساب بعد
register-username-missing = اختر اسم مستخدم.
register-username-taken = اسم المستخدم هذا غير متاح. اختر اسمًا آخر.
register-username-too-long = اسم المستخدم هذا طويل جدًا. اختر اسمًا أقصر.
register-username-invalid-chars = يتكوّن اسم المستخدم من حروف صغيرة من a إلى z وأرقام والرموز . = _ / + - فقط.
register-username-all-numeric = لا يمكن أن يتكوّن اسم المستخدم من أرقام فقط. أضف حرفًا.
register-username-refused = لا تسمح قواعد هذا الخادم باسم المستخدم هذا. اختر اسمًا آخر.
register-email-missing = أدخل عنوان بريدك الإلكتروني.
register-email-invalid = هذا ليس عنوان بريد إلكتروني. يجب أن يكون مثل name@example.org.
register-email-refused = لا تسمح قواعد هذا الخادم بعنوان البريد هذا. استخدم عنوانًا آخر.
register-password-missing = اختر كلمة مرور.
register-password-weak = من السهل تخمين كلمة المرور هذه. اجعلها أطول أو استخدم بضع كلمات غير مألوفة.
register-password-too-long = كلمة المرور هذه طويلة جدًا. اختر كلمة أقصر.
register-password-mismatch = كلمتا المرور مختلفتان. اكتب الكلمة نفسها مرتين.
register-terms-missing = ضع علامة في المربع إن كنت توافق على الشروط. لا يمكن إنشاء حساب دون ذلك.
register-denied = لا تسمح قواعد هذا الخادم بذلك.
register-throttled =
    { $minutes ->
        [one] كانت المحاولات كثيرة. انتظر دقيقة ثم أعد المحاولة.
        [two] كانت المحاولات كثيرة. انتظر دقيقتين ثم أعد المحاولة.
        [few] كانت المحاولات كثيرة. انتظر { $minutes } دقائق ثم أعد المحاولة.
       *[other] كانت المحاولات كثيرة. انتظر { $minutes } دقيقة ثم أعد المحاولة.
    }
register-form-expired = بقيت هذه الصفحة مفتوحة طويلًا، أو أن متصفحك يرفض ملفات تعريف الارتباط. حاول مرة أخرى.

register-token-title = أدخل رمز الدعوة
register-token-lead = الحسابات الجديدة على { $homeserver } بالدعوة فقط. يمكن لمن يديرونه أن يعطوك رمزًا.
register-token = رمز الدعوة
register-token-missing = أدخل رمز الدعوة.
register-token-invalid = هذا الرمز غير صالح. ربما كُتب خطأ أو استُهلك أو أصبح قديمًا.
register-token-spent = استُهلك رمزك أو سُحب في هذه الأثناء. أدخل رمزًا آخر.

register-email-title = تفقّد بريدك الإلكتروني
register-email-lead = أرسلنا رمزًا من ستة أرقام إلى { $email }.
register-code = الرمز من الرسالة
register-code-missing = أدخل الرمز من الرسالة.
register-code-wrong = هذا ليس الرمز. تفقّد أحدث رسالة: الرموز الأقدم لم تعد تعمل.
register-code-expired = انتهت صلاحية هذا الرمز: تدوم الرموز خمس دقائق. اطلب رمزًا آخر أدناه.
register-nothing-came = لم يصل شيء؟
register-nothing-came-detail = قد يستغرق الأمر دقيقة. تفقّد البريد غير المرغوب فيه أيضًا.
register-resend = إرسال رمز آخر
register-resent = رمز آخر في الطريق. من الآن لا يعمل إلا هذا الرمز.
register-resend-wait =
    { $minutes ->
        [one] يمكنك طلب رمز آخر بعد دقيقة.
        [two] يمكنك طلب رمز آخر بعد دقيقتين.
        [few] يمكنك طلب رمز آخر بعد { $minutes } دقائق.
       *[other] يمكنك طلب رمز آخر بعد { $minutes } دقيقة.
    }
register-change = عنوان بريد إلكتروني آخر
register-change-send = إرسال رمز إليه

register-name-title = بماذا يناديك الناس؟
register-name-lead = يظهر الاسم بجانب عنوانك { $mxid }. يمكنك تغييره في أي وقت.
register-name = الاسم
register-name-invalid = أدخل اسمًا ليس طويلًا جدًا، أو تابع من دونه.
register-name-set = إنشاء الحساب
register-name-skip = نادوني { $username } فقط

register-closed-title = لا حسابات جديدة في الوقت الحالي
register-closed-lead = لا يمكن لأحد إنشاء حساب هنا بنفسه. يمكن لمن يديرون { $homeserver } إخبارك بالمزيد.
register-unknown-title = لا يوجد ما يمكن متابعته
register-unknown-lead = ربما كان الرابط ناقصًا أو قديمًا جدًا. لم يُنشأ أي حساب.
register-expired-title = استغرق ذلك وقتًا طويلًا
register-expired-lead = من أجل أمانك، لديك ساعة من الصفحة الأولى إلى الأخيرة. لم يُنشأ أي حساب.
register-foreign-title = تابع من حيث بدأت
register-foreign-lead = بدأت هذه الخطوات في متصفح آخر، ولا يمكن إتمامها إلا هناك. أو ابدأ من جديد هنا.
register-username-taken-title = كان أحدهم أسرع
register-username-taken-lead = أُخذ الاسم { $what } في هذه الأثناء. ابدأ من جديد باسم آخر.
register-email-in-use-title = لديك حساب بالفعل
register-email-in-use-lead = العنوان { $what } يخص حسابًا هنا. سجّل الدخول إليه، أو ابدأ من جديد بعنوان آخر.
register-start-over = البدء من جديد

## Proving again who one is

reauthenticate-title = أكّد أنك أنت
reauthenticate-title-problem = مشكلة في التأكيد
reauthenticate-heading = أكّد أنك أنت
reauthenticate-lead = أدخل كلمة مرورك مرة أخرى للمتابعة.
reauthenticate-lead-app = يريد { $app } التأكد. أدخل كلمة مرورك مرة أخرى للمتابعة.
reauthenticate-problem = لم يتم التأكيد بعد
reauthenticate-continue = متابعة

## Which account

choose-title = اختيار حساب
choose-heading = هل هذا هو الحساب الصحيح؟
choose-lead-expected = يتوقع { $app } الحساب { $expected }، لكن هذا المتصفح مسجّل الدخول بحساب آخر.
choose-this = المتابعة باسم { $account }
choose-heading-create = لديك حساب بالفعل
choose-lead-create = أرسلك { $app } إلى هنا لإنشاء حساب، لكن هذا المتصفح مسجّل الدخول إلى حساب. استخدمه أو أنشئ حسابًا آخر.
choose-create = إنشاء حساب آخر
choose-title-another = يلزم حساب آخر
choose-heading-another = يلزم حساب آخر
choose-lead-another = استُخدم { $app } من قبل بحساب آخر ويريد ذلك الحساب. سجّل الدخول به، أو عد إلى الوراء.

## Allowing an app

consent-title = السماح للتطبيق { $app }
consent-heading = هل تسمح للتطبيق { $app } باستخدام حسابك؟
consent-able-to = سيتمكن من
consent-nothing = معرفة أنك سجّلت الدخول، ولا شيء أكثر
consent-identity = معرفة من أنت
consent-identity-detail = معرّف Matrix الخاص بك، { $mxid }
consent-messages = قراءة الرسائل وإرسالها باسمك
consent-messages-detail = في كل غرفك، مع كل ما يفعله تطبيق محادثة
consent-device = أن يكون أحد أجهزتك
consent-device-detail = يظهر باسم { $device }. يمكنك تسجيل خروجه في أي وقت.
consent-profile = رؤية اسمك
consent-profile-detail = الاسم المعروض الذي يراه الآخرون
consent-email = رؤية عنوان بريدك الإلكتروني
consent-email-detail = للوصول إليك خارج Matrix
consent-account = تغيير حسابك
consent-account-detail = ملفك الشخصي وعناوين بريدك وأجهزتك الأخرى
consent-synapse-admin = إدارة الخادم { $server }
consent-synapse-admin-detail = كل حساب وكل غرفة وكل ما يُحفظ هناك
consent-accounts-admin = إدارة كل الحسابات على { $server }
consent-accounts-admin-detail = إنشاء الحسابات وقفلها وحذفها، وتعيين كلمات المرور، وتسجيل خروج الناس
consent-other = فعل شيء ليس لدى هذه الصفحة كلمات لوصفه
consent-as = بهذا الحساب
consent-alarm = يطلب { $app } التحكم في { $server } بأكمله، وليس في حسابك فقط.
consent-alarm-advice = لا تسمح بهذا إلا إذا كنت تدير هذا الخادم وبدأت هذا بنفسك.
app-privacy = الخصوصية لدى { $app }
app-terms = شروط { $app }
consent-next-site = بعد ذلك تنتقل إلى { $host }
consent-next-this-device = بعد ذلك تنتقل إلى تطبيق على هذا الحاسوب، على { $host }
consent-next-app-scheme = بعد ذلك تنتقل إلى التطبيق الذي يفتح روابط { $scheme } على هذا الجهاز
consent-allow = السماح للتطبيق { $app }
consent-allow-admin = السماح للتطبيق { $app } بإدارة هذا الخادم

## Allowing an app that uses the older sign-in

compat-sso-title = تسجيل الدخول إلى { $app }
compat-sso-title-here = تسجيل الدخول إلى تطبيق
compat-sso-heading = تسجيل الدخول إلى { $app }؟
compat-sso-heading-here = تسجيل الدخول إلى تطبيق على هذا الجهاز؟
compat-sso-lead = يريد تطبيق هناك استخدام حسابك.
compat-sso-lead-this-device = يريد تطبيق على هذا الحاسوب استخدام حسابك.
compat-sso-lead-app-scheme = يريد التطبيق الذي يفتح روابط { $scheme } على هذا الجهاز استخدام حسابك.
compat-sso-warning = لا تتابع إلا إذا بدأت هذا للتو في تطبيق تثق به
compat-sso-warning-detail = إذا أرسل إليك أحد رابطًا قادك إلى هنا فألغِ: سيتمكن التطبيق من أن يقرأ ويكتب مكانك.
compat-sso-device-detail = يظهر بين أجهزتك. يمكنك تسجيل خروجه في أي وقت.
compat-sso-continue = المتابعة إلى { $app }
compat-sso-continue-here = المتابعة إلى التطبيق

## Letting a device in

link-title = تسجيل دخول جهاز
link-title-problem = مشكلة في تسجيل دخول جهاز
link-heading = تسجيل دخول جهاز
link-lead = يعرض الجهاز رمزًا. اكتبه هنا ليتمكن من استخدام حسابك.
link-code = الرمز على الجهاز
link-code-hint = ستة أحرف وأرقام. لا تهم الأحرف الكبيرة والمسافات والشرطات.
link-continue = متابعة
link-problem = لم يسجّل دخول أي شيء بعد
link-missing = اكتب الرمز الذي يعرضه الجهاز.
link-no-code = يتكوّن الرمز من ستة أحرف وأرقام. تحقق مما يعرضه الجهاز.
link-unknown = لا ينتظر أي جهاز بهذا الرمز. تحقق منه، أو اجعل الجهاز يعرض رمزًا جديدًا: تدوم الرموز عشرين دقيقة.
link-throttled =
    { $minutes ->
        [one] كانت المحاولات كثيرة. انتظر دقيقة ثم أعد المحاولة.
        [two] كانت المحاولات كثيرة. انتظر دقيقتين ثم أعد المحاولة.
        [few] كانت المحاولات كثيرة. انتظر { $minutes } دقائق ثم أعد المحاولة.
       *[other] كانت المحاولات كثيرة. انتظر { $minutes } دقيقة ثم أعد المحاولة.
    }
link-form-expired = بقيت هذه الصفحة مفتوحة طويلًا، أو أن متصفحك يرفض ملفات تعريف الارتباط. حاول مرة أخرى.
link-phone = استخدام هاتفك بدلًا من ذلك
link-phone-detail = امسح هذا بالهاتف، أو افتح فيه { $address }.
link-qr = رمز QR للعنوان { $address }

device-title = تسجيل دخول جهاز
device-title-problem = مشكلة في تسجيل دخول جهاز
device-heading = هل هذا جهازك؟
device-lead = يريد { $app } على جهاز آخر استخدام حسابك.
device-warning = لا تتابع إلا إذا كنت أنت من بدأ هذا
device-warning-detail = إذا أرسل إليك أحد رمزًا أو رابطًا فارفض: من يملك الجهاز يمكنه أن يقرأ ويكتب مكانك.
device-asks = يسأل هذا الجهاز
device-unknown = جهاز لا يقول ما هو
device-asked =
    { $minutes ->
        [0] قبل أقل من دقيقة
        [one] قبل دقيقة
        [two] قبل دقيقتين
        [few] قبل { $minutes } دقائق
       *[other] قبل { $minutes } دقيقة
    }
device-address = من { $address }
device-shows = تعرض شاشته
device-app-able-to = سيتمكن من
device-confirm = هذا الجهاز لي، وتعرض شاشته { $code }
device-unconfirmed = ضع علامة في المربع إذا كان الجهاز لك. إن لم يكن فارفض.
device-problem = لم يسجّل دخول أي شيء بعد
device-form-expired = بقيت هذه الصفحة مفتوحة طويلًا، أو أن متصفحك يرفض ملفات تعريف الارتباط. انظر إلى الجهاز مرة أخرى ثم قرّر.
device-allow = السماح للتطبيق { $app }
device-refuse = رفض
device-granted-title = تم تسجيل دخول جهازك
device-granted-lead = يتابع { $app } من تلقاء نفسه بعد لحظة.
device-rejected-title = لقد رفضت
device-rejected-lead = ليس للتطبيق { $app } وصول إلى حسابك.
device-close = يمكنك إغلاق هذه الصفحة.
device-expired-title = انتهت صلاحية هذا الرمز
device-expired-lead = اجعل الجهاز يعرض رمزًا جديدًا واكتبه في الوقت المناسب: تدوم الرموز عشرين دقيقة.
device-unknown-title = لا جهاز ينتظر هنا
device-unknown-lead = ربما الرابط غير مكتمل أو قديم جدًا. اكتب الرمز الذي يعرضه الجهاز.
device-again = كتابة رمز

## When the rules of the server refuse

refusal-title = غير مسموح هنا
refusal-title-devices = أجهزة أكثر من اللازم
refusal-heading = تسجيل الدخول هذا غير مسموح هنا
refusal-heading-app = التطبيق { $app } غير مسموح هنا
refusal-lead = لا تسمح قواعد { $server } لهذا التطبيق باستخدام حسابك. إذا كنت ترى غير ذلك فاسأل القائمين على الخادم.
refusal-heading-devices = لديك أجهزة أكثر من اللازم
refusal-lead-devices =
    { $count ->
        [one] سجّل خروج جهاز واحد لم تعد تستخدمه. ثم عد إلى التطبيق وحاول مرة أخرى.
        [two] سجّل خروج جهازين لم تعد تستخدمهما. ثم عد إلى التطبيق وحاول مرة أخرى.
        [few] سجّل خروج { $count } أجهزة لم تعد تستخدمها. ثم عد إلى التطبيق وحاول مرة أخرى.
       *[other] سجّل خروج { $count } جهازًا لم تعد تستخدمها. ثم عد إلى التطبيق وحاول مرة أخرى.
    }
refusal-devices = اختيار أجهزة لتسجيل خروجها
refusal-back = العودة إلى { $app }

## Accounts that cannot be used

stopped-locked-title = هذا الحساب مقفل
stopped-locked-lead = لا يمكن استخدام { $mxid } في الوقت الحالي. لم يضع شيء مما فيه.
stopped-deactivated-title = أُغلق هذا الحساب
stopped-deactivated-lead = تم تعطيل { $mxid } ولم يعد بالإمكان استخدامه.
stopped-session-ended-title = تم تسجيل خروجك
stopped-session-ended-lead = كان هذا المتصفح مسجّل الدخول باسم { $mxid }. سُجّل خروجه من مكان آخر.
stopped-contact = يمكن للقائمين على { $homeserver } أن يخبروك بالمزيد.
stopped-sign-in-again = تسجيل الدخول مجددًا

## Signing out

logout-title = تسجيل الخروج
logout-title-done = تم تسجيل الخروج
logout-heading = هل تريد تسجيل الخروج في هذا المتصفح؟
logout-lead = تبقى تطبيقات المحادثة مسجّلة الدخول. لاستخدام هذه الصفحات مجددًا ستحتاج إلى تسجيل الدخول.
logout-stay = البقاء مسجّل الدخول
end-session-lead-app = أرسلك { $app } إلى هنا لتسجيل الخروج.
logout-heading-done = لقد سجّلت الخروج
logout-lead-done = ليس لهذا المتصفح وصول إلى أي حساب هنا. تبقى تطبيقات المحادثة مسجّلة الدخول.

## When something fails

error-reference = خطأ { $status }، المرجع
error-refused-title = لم ينجح ذلك
error-refused-lead = عد إلى الوراء وحاول مرة أخرى. إذا أتيت من تطبيق فابدأ من هناك مجددًا.
error-not-found-title = هذا غير موجود
error-not-found-lead = ربما لم يعد موجودًا، أو أن الرابط غير مكتمل.
error-moved-on-title = لم يعد ذلك ممكنًا
error-moved-on-lead = تغيّر شيء في هذه الأثناء. إذا أتيت من تطبيق فابدأ من هناك مجددًا.
error-throttled-title = تكرر ذلك كثيرًا
error-throttled-lead = انتظر بضع دقائق ثم أعد المحاولة.
error-unavailable-title = لحظة من فضلك
error-unavailable-lead = لا تستطيع الخدمة الإجابة الآن. أعد المحاولة بعد دقيقة؛ لم يضع شيء.
error-internal-title = حدث خلل من جانبنا
error-internal-lead = لست السبب. أعد المحاولة بعد دقيقة. إذا تكرر ذلك فأرسل المرجع أدناه إلى القائمين على هذه الخدمة.

not-found-title = لا توجد صفحة هنا
not-found-lead = ربما كُتب العنوان خطأً، أو انتقلت الصفحة.

spent-used-title = استُخدم هذا الرابط من قبل
spent-used-lead = لسلامتك يعمل مرة واحدة فقط. إذا كنت مسجّل الدخول الآن فلم يبقَ شيء لتفعله.
spent-expired-title = انتهت صلاحية هذا الرابط
spent-expired-lead = لسلامتك يعمل لفترة محدودة فقط.
spent-cancelled-title = لقد رفضت هذا
spent-cancelled-lead = أُبلغ التطبيق ولم يحصل على شيء. إذا غيّرت رأيك فابدأ من جديد.
spent-ready-title = كل شيء جاهز
spent-ready-lead = لقد سمحت للتطبيق. إذا لم يُفتح من تلقاء نفسه فافتحه من هنا.
spent-continue = المتابعة إلى { $app }
spent-again = البدء من جديد
spent-start-again = عد إلى تطبيقك وابدأ من هناك مجددًا.
spent-retry = العودة إلى { $app }

busy-title = لحظة من فضلك
busy-lead = يسجّل كثيرون الدخول من شبكتك الآن. لم يضع شيء: انتظر لحظة ثم أعد المحاولة.
busy-again = إعادة المحاولة

app-problem-title = أخطأ ذلك التطبيق في الطلب
app-problem-heading = لا يمكن الرد على هذا
app-problem-lead = أخطأ التطبيق الذي أرسلك إلى هنا في طلبه. لم يُعطَ شيئًا يخصك.
app-problem-detail = للقائمين على التطبيق
app-problem-way = يريد التطبيق أن يُبلَّغ بذلك على { $place }. لا تذهب إلى هناك إلا إذا أتيت من هناك.
app-problem-go-on = المتابعة إلى { $place }

form-post-title = جارٍ إعادتك
form-post-lead = تتابع إلى { $host }.
form-post-continue = متابعة

account-title = حسابك
account-needs-scripts = تحتاج هذه الصفحات إلى JavaScript
account-needs-scripts-lead = فعّله لهذا الموقع لتدير حسابك. يمكنك تسجيل الدخول والخروج من دونه.

## الرسائل

mail-code-subject = رمزك هو { $code }
mail-code-lead = هذا رمز حسابك في { $place }:
mail-code-use = اكتبه حيث طلبته. وهو صالح لخمس دقائق، وإذا طلبت رمزًا آخر فلا يعمل إلا الأحدث.
mail-code-not-you = إن لم تطلبه فلا يلزمك فعل شيء: من دون الرمز لا يستطيع أحد إضافة عنوانك إلى حسابه. لا تعطه لأحد أيًّا كان من يطلبه.

## أسماء الأجهزة

device-name = { $client } على { $device }
device-name-program = { $program } على { $system }
device-name-unknown = جهاز غير معروف
