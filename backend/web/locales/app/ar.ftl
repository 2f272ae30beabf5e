### كلمات تطبيق الحساب.

## Everywhere

loading = جارٍ التحميل
close = إغلاق
save = حفظ
remove = إزالة
rename = تغيير الاسم
try-again = إعادة المحاولة
to-your-account = الانتقال إلى حسابك
skip-to-content = الانتقال إلى المحتوى
your-password = كلمة مرورك
wrong-password = هذه ليست كلمة مرورك. تحقق منها وأعد المحاولة.

nav = الحساب
nav-account = الحساب
nav-devices = الأجهزة
nav-security = الأمان
nav-privacy = البيانات
nav-plan = الاشتراك

choose-language = اللغة
choose-theme = المظهر
theme-system = مثل الجهاز
theme-light = فاتح
theme-dark = داكن

pager = الصفحات
pager-newer = الأحدث
pager-older = الأقدم

time-now = الآن
time-day-and-hour = { $day }، { $time }

failure-title = لم ينجح ذلك
failure-offline = تعذّر الوصول إلى الخدمة. تحقق من اتصالك ثم أعد المحاولة.
failure-rate-limited =
    { $minutes ->
        [one] تكرر ذلك كثيرًا. انتظر دقيقة ثم أعد المحاولة.
        [two] تكرر ذلك كثيرًا. انتظر دقيقتين ثم أعد المحاولة.
        [few] تكرر ذلك كثيرًا. انتظر { $minutes } دقائق ثم أعد المحاولة.
       *[other] تكرر ذلك كثيرًا. انتظر { $minutes } دقيقة ثم أعد المحاولة.
    }
failure-homeserver = خادم المحادثة لا يستجيب. أعد المحاولة بعد دقيقة؛ لم يتغير شيء.
failure-disabled = أوقف القائمون على هذه الخدمة هذا الخيار.
failure-internal = حدث خلل من جانبنا، ولست السبب. أعد المحاولة بعد دقيقة.

broken-title = يتعذّر عرض هذا الآن
broken-details = تفاصيل للقائمين على هذه الخدمة

session-lost-title = سُجّل خروجك
session-lost-lead = سجّل الدخول لتتابع من حيث كنت.

## Account

home-title = حسابك
home-lead = كيف يراك الآخرون على { $homeserver }، وكيف يمكن الوصول إليك.

profile-title = ملفك الشخصي
profile-edit = تغيير اسمك
profile-name = الاسم المعروض
profile-name-hint = يراه الناس بجانب رسائلك. اتركه فارغًا ليظهر معرّف Matrix الخاص بك.
profile-name-invalid = هذا الاسم طويل جدًا. اختر اسمًا لا يتجاوز 200 حرف.
profile-saved = تم تغيير اسمك.
profile-unavailable = خادم المحادثة لا يستجيب، لذا لا يظهر اسمك المعروض هنا.

emails-title = عناوين البريد الإلكتروني
emails-lead = للرسائل المتعلقة بحسابك، ولاستعادة الدخول إذا نسيت كلمة مرورك.
emails-empty = لا يوجد أي عنوان بعد. بعنوان واحد يمكنك استعادة الدخول إذا نسيت كلمة مرورك.
emails-add = إضافة عنوان
emails-new = عنوان جديد
emails-new-hint = يُرسل إليه رمز للتأكد من أنه لك.
emails-send-code = إرسال الرمز
emails-invalid = هذا ليس عنوان بريد إلكتروني. تحقق من الأخطاء الكتابية.
emails-yours-already = هذا العنوان موجود في حسابك بالفعل.
emails-denied = هذا العنوان غير مسموح به هنا. استخدم عنوانًا آخر.
emails-too-many = أُرسلت رموز كثيرة مؤخرًا. انتظر بضع دقائق ثم أعد المحاولة.
emails-remove = إزالة العنوان
emails-remove-title = هل تريد إزالة هذا العنوان؟
emails-remove-lead = لن يمكن بعد ذلك استخدام { $email } لاستعادة الدخول إلى حسابك.
emails-remove-last = هذا آخر عنوان: من دونه لن تستطيع العودة إلى حسابك إذا نسيت كلمة المرور.
emails-removed = تمت إزالة { $email }.

verify-title = أدخل الرمز
verify-lead = أُرسل إلى { $email }. قد يستغرق وصوله دقيقة.
verify-code = الرمز من الرسالة
verify-code-hint = ستة أرقام
verify-continue = إضافة العنوان
verify-incomplete = يتكوّن الرمز من ستة أرقام. راجع الرسالة.
verify-wrong = هذا ليس الرمز الصحيح. استخدم الرمز الموجود في أحدث رسالة.
verify-expired = انتهت صلاحية هذا الرمز. اطلب إرسال رمز جديد.
verify-too-many = كانت المحاولات كثيرة. انتظر بضع دقائق ثم أعد المحاولة.
verify-nothing-came = لم يصل شيء؟ ابحث في مجلد الرسائل غير المرغوبة، أو
verify-resend = اطلب رمزًا جديدًا
verify-resent = أُرسل رمز جديد. لم تعد الرموز السابقة صالحة.
verify-resent-too-often = أُرسل الكثير مؤخرًا. انتظر بضع دقائق ثم أعد المحاولة.
verify-done = تمت إضافة { $email }.

in-use-title = هذا العنوان مستخدم
in-use-lead = ينتمي { $email } إلى حساب آخر هنا. أزله من هناك أولًا، أو استخدم عنوانًا آخر.

sign-out-title = تسجيل الخروج هنا
sign-out-lead = ينهي وصول هذا المتصفح إلى هذه الصفحات. تبقى تطبيقات المحادثة مسجّلة الدخول.

plan-title = اشتراكك
plan-lead = ما يشمله حسابك وكيفية تغييره.
plan-open = عرض اشتراكك

## Devices

sessions-title = أجهزتك
sessions-lead = كل ما يمكنه استخدام حسابك. سجّل خروج ما لا تعرفه.
sessions-filter = عرض ما يلي فقط
sessions-search = البحث بالتطبيق أو الجهاز أو العنوان
sessions-all = الكل
sessions-apps = التطبيقات
sessions-browsers = المتصفحات
sessions-inactive = غير مستخدمة منذ 90 يومًا
sessions-ended = ما سُجّل خروجه
sessions-count =
    { $count ->
        [zero] لا توجد جلسات
        [one] جلسة واحدة
        [two] جلستان
        [few] { $count } جلسات
       *[other] { $count } جلسة
    }
sessions-matches =
    { $count ->
        [zero] لم يُعثر على شيء
        [one] عُثر على جلسة واحدة
        [two] عُثر على جلستين
        [few] عُثر على { $count } جلسات
       *[other] عُثر على { $count } جلسة
    }
sessions-empty = لا شيء مسجّل الدخول. تظهر الأجهزة هنا عندما تسجّل الدخول من متصفح أو تطبيق.
sessions-no-match = لا شيء مطابق هنا. جرّب كلمات أقل، أو اعرض الكل.
sessions-this-device = هذا الجهاز
sessions-this-browser = هذا المتصفح
sessions-active-now = نشط الآن
sessions-last-used = آخر استخدام:
sessions-signed-in = تسجيل الدخول:
sessions-limit-title = لديك أجهزة أكثر من اللازم
sessions-limit-lead =
    { $count ->
        [one] تطبيق واحد مسجّل الدخول من أصل { $limit }. سجّل خروج ما لم تعد تستخدمه قبل إضافة آخر.
        [two] تطبيقان مسجّلا الدخول من أصل { $limit }. سجّل خروج ما لم تعد تستخدمه قبل إضافة آخر.
        [few] { $count } تطبيقات مسجّلة الدخول من أصل { $limit }. سجّل خروج ما لم تعد تستخدمه قبل إضافة آخر.
       *[other] { $count } تطبيقًا مسجّل الدخول من أصل { $limit }. سجّل خروج ما لم تعد تستخدمه قبل إضافة آخر.
    }
sessions-limit-near =
    { $count ->
        [one] تطبيق واحد مسجّل الدخول. عند بلوغ { $limit } لن تتمكن من إضافة المزيد.
        [two] تطبيقان مسجّلا الدخول. عند بلوغ { $limit } لن تتمكن من إضافة المزيد.
        [few] { $count } تطبيقات مسجّلة الدخول. عند بلوغ { $limit } لن تتمكن من إضافة المزيد.
       *[other] { $count } تطبيقًا مسجّل الدخول. عند بلوغ { $limit } لن تتمكن من إضافة المزيد.
    }

device-unknown-kind = جهاز غير معروف
device-computer-of = حاسوب { $os }
device-phone-of = هاتف { $os }
device-tablet-of = جهاز لوحي { $os }
browser-unknown = متصفح غير معروف
app-unknown = تطبيق غير معروف
program-on = { $program } على { $device }

sign-out-one-title = هل تريد تسجيل خروج { $program }؟
sign-out-browser-lead = لن يتمكن { $program } على { $device } بعد ذلك من تغيير حسابك. تبقى التطبيقات التي سُجّل دخولها عبره مسجّلة الدخول.
sign-out-app-lead = لن يتمكن { $program } على { $device } بعد ذلك من القراءة أو الكتابة باسمك.
sign-out-keys = تضيع الرسائل المشفّرة التي لا يمكن قراءتها إلا على جهاز تسجّل خروجه، ما لم يكن لديك مفتاح استعادة أو جهاز آخر يمكنه قراءتها.
sign-out-keep = إبقاؤه مسجّل الدخول
sign-out-done = تم تسجيل خروج { $program } على { $device }.

others-sign-out = تسجيل خروج الكل عدا هذا
others-title = هل تريد تسجيل خروج كل ما عدا هذا؟
others-lead =
    { $browsers ->
        [0] { $apps ->
            [one] يفقد تطبيق واحد الوصول إلى حسابك فورًا. يبقى هذا المتصفح مسجّل الدخول.
            [two] يفقد تطبيقان الوصول إلى حسابك فورًا. يبقى هذا المتصفح مسجّل الدخول.
            [few] تفقد { $apps } تطبيقات الوصول إلى حسابك فورًا. يبقى هذا المتصفح مسجّل الدخول.
           *[other] يفقد { $apps } تطبيقًا الوصول إلى حسابك فورًا. يبقى هذا المتصفح مسجّل الدخول.
        }
       *[other] { $apps ->
            [0] تُسجَّل متصفحات أخرى (عددها { $browsers }) خارجًا فورًا. يبقى هذا المتصفح مسجّل الدخول.
           *[other] تُسجَّل متصفحات أخرى (عددها { $browsers }) وتطبيقات (عددها { $apps }) خارجًا فورًا. يبقى هذا المتصفح مسجّل الدخول.
        }
    }
others-keep-here =
    { $count ->
        [one] إبقاء التطبيق على هذا الجهاز مسجّل الدخول
        [two] إبقاء التطبيقين على هذا الجهاز مسجّلي الدخول
        [few] إبقاء التطبيقات ({ $count }) على هذا الجهاز مسجّلة الدخول
       *[other] إبقاء التطبيقات ({ $count }) على هذا الجهاز مسجّلة الدخول
    }
others-confirm =
    { $count ->
        [one] إنهاء جلسة واحدة
        [two] إنهاء جلستين
        [few] إنهاء { $count } جلسات
       *[other] إنهاء { $count } جلسة
    }
others-done =
    { $count ->
        [zero] لم يكن هناك شيء آخر مسجّل الدخول.
        [one] أُنهيت جلسة واحدة.
        [two] أُنهيت جلستان.
        [few] أُنهيت { $count } جلسات.
       *[other] أُنهيت { $count } جلسة.
    }

session-about = عن هذه الجلسة
session-able-to = ما يمكنها فعله
session-name = الاسم
session-device = الجهاز
session-app = التطبيق
session-apps = التطبيقات المسجّلة عبره
session-apps-count =
    { $count ->
        [zero] لا شيء
        [one] واحد
        [two] اثنان
        [few] { $count }
       *[other] { $count }
    }
session-allowed-in = سُمح به في
session-ended = سُجّل الخروج
session-last-used = آخر استخدام
session-never = ليس بعد
session-address = عنوان IP
session-since = سُجّل الدخول
session-device-id = معرّف الجهاز
session-user-agent = ما يقوله عن نفسه

permission-server = إدارة خادم المحادثة بأكمله
permission-accounts = إدارة كل الحسابات على هذا الخادم

rename-title = تسمية هذا الجهاز
rename-label = الاسم
rename-hint = قد يراه من تحادثهم عندما يتحققون من هذا الجهاز.
rename-done = صار للجهاز اسم جديد.

device-gone-title = هذا الجهاز غير مسجّل الدخول
device-gone-lead = لا توجد جلسة نشطة بمعرّف الجهاز { $device }. ربما سُجّل خروجه من قبل.
device-gone-list = عرض أجهزتك

client-lead = ما يقوله هذا التطبيق عن نفسه.
client-site = الموقع
client-goes-to = يعيدك إلى
client-id = معرّف العميل

## Security

security-title = الأمان
security-lead = ما يحمي حسابك، وما حدث له.
security-ways = ما يحمي حسابك

password-title = كلمة المرور
password-change = تغيير كلمة المرور
password-fixed = يدير القائمون على هذه الخدمة كلمات المرور في مكان آخر.
password-none = ليس لحسابك كلمة مرور لتغييرها.
password-current = كلمة المرور الحالية
password-new = كلمة المرور الجديدة
password-new-hint = عدة كلمات لا رابط بينها تكون قوية وسهلة التذكر.
password-again = كلمة المرور الجديدة مرة أخرى
password-match = كلتاهما متطابقة.
password-differ = ما زالتا مختلفتين.
password-differ-error = هذه تختلف عن التي فوقها. اكتب الشيء نفسه مرتين.
password-missing = اختر كلمة مرور جديدة.
password-too-weak = كلمة المرور هذه سهلة التخمين. اجعلها أطول، أو أضف كلمات لا رابط بينها.

strength-0 = ضعيفة جدًا.
strength-1 = ضعيفة.
strength-2 = متوسطة.
strength-3 = قوية.
strength-4 = قوية جدًا.
strength-common = هي في قائمة كلمات المرور المسرّبة التي يجرّبها المهاجمون أولًا. اختر غيرها.
strength-more = اجعلها أطول، أو أضف كلمات لا رابط بينها.
strength-enough = هذه كافية.

change-title = تغيير كلمة مرورك
change-lead = استخدم كلمة لا تستخدمها في أي مكان آخر.
change-others = تسجيل الخروج من كل مكان آخر أيضًا
change-others-hint = كل المتصفحات والتطبيقات الأخرى. افعل هذا إذا كان غيرك قد يعرف كلمة مرورك. تضيع الرسائل المشفّرة التي لا يقرؤها إلا تلك الأجهزة.

changed-title = تم تغيير كلمة مرورك
changed-lead = استخدم الجديدة من الآن فصاعدًا.
changed-back = العودة إلى الأمان
changed-devices = مراجعة أجهزتك
changed-tokens =
    { $count ->
        [one] رمز الوصول الخاص بك ما زال يعمل.
        [two] رمزا الوصول الخاصان بك ما زالا يعملان.
        [few] ما زالت { $count } من رموز الوصول الخاصة بك تعمل.
       *[other] ما زال { $count } من رموز الوصول الخاصة بك يعمل.
    }
changed-tokens-check = مراجعة رموز الوصول

recovery-title = اختر كلمة مرور جديدة
recovery-lead = للحساب { $name }.
recovery-save = حفظ كلمة المرور
recovery-expired-lead = تعمل هذه الروابط عشر دقائق. اطلب إرسال رابط جديد إلى العنوان نفسه.
recovery-resend = إرسال رابط جديد إلى { $email }
recovery-locked = هذا الحساب مقفل. يمكن للقائمين على هذه الخدمة أن يخبروك بالمزيد.

identity-title = هوية التشفير
identity-detail = تُظهر للآخرين أن أجهزتك لك
identity-reset = إعادة تعيين

activity-lately = مؤخرًا
activity-all = كل النشاط
activity-title = نشاط الأمان
activity-lead = ما حدث لحسابك. إذا لم تكن أنت وراء شيء منه، فغيّر كلمة مرورك وسجّل خروج كل ما عدا هذا.
activity-empty = لم يحدث شيء بعد. ستظهر هنا عمليات تسجيل الدخول والتغييرات.
activity-by-administrator = من الإدارة

event-account-created = أُنشئ الحساب
event-signed-in = تسجيل دخول
event-sign-in-failed = فشل أحدهم في تسجيل الدخول
event-reauthenticated = أُكّدت كلمة المرور
event-signed-out = سُجّل خروج متصفح
event-consent-given = سُمح لتطبيق
event-consent-refused = رُفض تطبيق
event-session-started = سُجّل دخول تطبيق
event-session-ended = سُجّل خروج تطبيق
event-replay-detected = سُجّل خروج تطبيق لأن وصوله ربما سُرق
event-other-sessions-ended = سُجّل خروج كل ما عدا الجلسة الحالية
event-password-changed = تغيّرت كلمة المرور
event-password-proof-failed = كلمة مرور خاطئة عند تغيير
event-recovery-started = طُلبت استعادة كلمة المرور
event-password-recovered = استُبدلت كلمة المرور بالاستعادة
event-email-added = أُضيف عنوان بريد إلكتروني
event-email-removed = أُزيل عنوان بريد إلكتروني
event-token-created = أُنشئ رمز وصول
event-token-revoked = أُلغي رمز وصول
event-reset-allowed = سُمح بإعادة تعيين هوية التشفير
event-display-name-changed = تغيّر الاسم المعروض
event-session-renamed = تغيّر اسم جهاز
event-data-exported = نُزّلت البيانات
event-account-locked = قُفل الحساب
event-account-unlocked = فُتح قفل الحساب
event-account-deactivated = حُذف الحساب
event-account-reactivated = استُعيد الحساب
event-other = تغيير آخر

## Access tokens

tokens-title = رموز الوصول
tokens-lead = لبرامجك ونصوصك البرمجية. من يملك رمزًا يمكنه التصرف باسمك دون كلمة مرورك.
tokens-count =
    { $count ->
        [zero] لا شيء
        [one] رمز واحد مستخدم
        [two] رمزان مستخدمان
        [few] { $count } رموز مستخدمة
       *[other] { $count } رمزًا مستخدمًا
    }
tokens-manage = إدارة
tokens-new = رمز وصول جديد
tokens-empty = ليس لديك أي رمز. أنشئ واحدًا عندما يحتاج أحد برامجك إلى استخدام حسابك.
tokens-off = ليس لديك أي رمز. لقد عطّلها القائمون على هذه الخدمة.
tokens-never-used = لم يُستخدم قط
tokens-until = حتى { $date }
tokens-without-end = لا تنتهي صلاحيته
tokens-expired = منتهي الصلاحية
tokens-revoke = إلغاء
tokens-revoke-title = هل تريد إلغاء { $name }؟
tokens-revoke-lead = يتوقف فورًا كل ما يستخدم هذا الرمز. لا يمكن استرجاعه.
tokens-revoked = تم إلغاء { $name }.
tokens-remove-title = هل تريد إزالة { $name }؟
tokens-remove-lead = انتهت صلاحيته: لم يعد بإمكان أي شيء استخدامه.
tokens-removed = تمت إزالة { $name }.

token-title = رمز وصول جديد
token-lead = لا تمنحه أكثر مما يحتاجه برنامجه.
token-name = الاسم
token-name-hint = لتعرفه لاحقًا، مثل «برنامج النسخ الاحتياطي». تعرضه تطبيقات المحادثة بهذا الاسم ضمن أجهزتك.
token-name-refused = اختر اسمًا لا يتجاوز 100 حرف.
token-scope = ما يُسمح له به
token-no-scope = اختر واحدًا على الأقل.
token-scope-refused = أحد هذه غير مسموح لك به. اختر غيره.
token-power = له سلطة على الخادم كله
token-power-detail = وليس على حسابك فقط. امنحه مدة قصيرة، واحفظه حيث لا يستطيع أحد غيرك قراءته.
token-expiry = صالح لمدة
token-expiry-refused = اختر مدة أخرى.
token-days =
    { $days ->
        [one] يوم واحد
        [two] يومان
        [few] { $days } أيام
       *[other] { $days } يومًا
    }
token-without-end = بلا نهاية
token-ends = يتوقف عن العمل في { $date }.
token-never-ends = يعمل إلى أن تلغيه.
token-too-many = لديك عدد كبير جدًا من رموز الوصول أو الأجهزة. ألغِ أو سجّل خروج ما لم تعد تستخدمه، ثم حاول مجددًا.
token-denied = هذا غير مسموح به من هنا. اسأل القائمين على هذه الخدمة.
token-create = إنشاء الرمز
token-done-title = رمز وصولك الجديد
token-done-lead = انسخه إلى حيث يجده برنامجك.
token-once = لن تراه إلا الآن
token-once-detail = لسلامتك لا يُحفظ هنا. إذا فقدته فألغِه وأنشئ واحدًا جديدًا.
token-value = رمز الوصول
token-stored = لقد حفظته

## Privacy

privacy-title = بياناتك
privacy-lead = ما يُحفظ عنك هنا، وكيف تنهي ذلك.
export-title = التنزيل
export-lead = كل ما تحفظه هذه الخدمة عن حسابك: الملف الشخصي والعناوين والأجهزة وما سمحت به ونشاط الأمان. ملف JSON واحد.
export-not = لا يتضمن رسائلك، فهي على خادم المحادثة وفي تطبيقاتك.
export-download = تنزيل بياناتك
retention-title = مدة الحفظ
retention-addresses =
    { $days ->
        [one] تُنسى عناوين IP للمتصفحات والتطبيقات بعد يوم واحد من آخر استخدام لها.
        [two] تُنسى عناوين IP للمتصفحات والتطبيقات بعد يومين من آخر استخدام لها.
        [few] تُنسى عناوين IP للمتصفحات والتطبيقات بعد { $days } أيام من آخر استخدام لها.
       *[other] تُنسى عناوين IP للمتصفحات والتطبيقات بعد { $days } يومًا من آخر استخدام لها.
    }
retention-sessions =
    { $days ->
        [one] يُنسى ما سُجّل خروجه بعد يوم واحد.
        [two] يُنسى ما سُجّل خروجه بعد يومين.
        [few] يُنسى ما سُجّل خروجه بعد { $days } أيام.
       *[other] يُنسى ما سُجّل خروجه بعد { $days } يومًا.
    }
retention-events =
    { $days ->
        [one] يفقد نشاط الأمان عناوين IP والمتصفحات بعد يوم واحد.
        [two] يفقد نشاط الأمان عناوين IP والمتصفحات بعد يومين.
        [few] يفقد نشاط الأمان عناوين IP والمتصفحات بعد { $days } أيام.
       *[other] يفقد نشاط الأمان عناوين IP والمتصفحات بعد { $days } يومًا.
    }
retention-failures =
    { $days ->
        [one] تُنسى محاولات الدخول الفاشلة بعد يوم واحد.
        [two] تُنسى محاولات الدخول الفاشلة بعد يومين.
        [few] تُنسى محاولات الدخول الفاشلة بعد { $days } أيام.
       *[other] تُنسى محاولات الدخول الفاشلة بعد { $days } يومًا.
    }

delete-title = حذف حسابك
delete-panel-lead = إلى الأبد. لا أحد يمكنه استرجاعه، ولا حتى القائمون على هذه الخدمة.
delete-go = حذف حسابك
delete-lead = أنت على وشك حذف { $mxid }.
delete-sessions = يُسجَّل خروج كل أجهزتك وتطبيقاتك.
delete-rooms = تغادر كل غرفك.
delete-name = لن يمكن استخدام معرّف Matrix الخاص بك مجددًا، لا من قِبلك ولا من قِبل غيرك.
delete-for-ever = لا يمكن التراجع عن هذا.
delete-erase = إخفاء رسائلي أيضًا عمّن ينضم إلى غرفي لاحقًا
delete-erase-hint = من كان هناك يحتفظ بما لديه.
delete-type-mxid = اكتب معرّف Matrix الخاص بك للتأكيد
delete-last-warning = الخطوة التالية تحذف حسابك
delete-confirm = حذف حسابي
delete-keep = الاحتفاظ بحسابي

## Reset of the encryption identity

reset-title = هل تريد إعادة تعيين هوية التشفير؟
reset-lead = ينشئ تطبيق بعد ذلك هوية جديدة لك. لن يعرف الآخرون أن أجهزتك لك حتى يتحققوا منك مجددًا.
reset-keeps = تحتفظ بحسابك وجهات اتصالك وغرفك وإعداداتك
reset-loses = تفقد الرسائل المشفّرة المحفوظة على الخادم فقط
reset-verify = تتحقق من أجهزتك وجهات اتصالك مجددًا
reset-only-if = لا تفعل هذا إلا إذا لم يكن لديك جهاز آخر مسجّل الدخول وفقدت مفتاح الاستعادة.
reset-confirm = السماح بإعادة التعيين
reset-back = الاحتفاظ بهويتي
reset-allowed-title = سُمح بإعادة التعيين
reset-allowed-lead = عد إلى تطبيقك خلال عشر دقائق وأكمل هناك. يمكنك إغلاق هذه الصفحة.
reset-allowed-devices = هل فقدت جهازًا؟ ما زال دخوله مسجّلًا. بعد أن ينتهي تطبيقك، سجّل خروج ما لم يعد معك.
reset-cancelled-title = لم يُعَد تعيين شيء
reset-cancelled-lead = يمكنك إغلاق هذه الصفحة والعودة إلى تطبيقك.
