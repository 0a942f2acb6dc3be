// The camera of the face pages: three pictures with a short gap, sent with the form. Nothing leaves before that.
//
// The form (data-camera, hidden until this module runs) has buttons [data-start] and [data-shoot], a <video>, a circle
// .arc whose arc is the number of good pictures, a status line, and hidden fields frame1 to frame3 that take a JPEG each
// in base64url. Words are data-* attributes: ready, dark, hold, sending, none. Without a camera the upload form remains.

const FRAMES = 3, GAP = 450, LONGEST = 1280, QUALITY = 0.9, DARK = 45;
const wait = ms => new Promise(done => setTimeout(done, ms));

function picture(video, longest = LONGEST) {
  const scale = Math.min(1, longest / Math.max(video.videoWidth, video.videoHeight));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext('2d').drawImage(video, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function brightness(video) {
  const { width, height } = video.videoWidth ? { width: 32, height: 32 } : { width: 0, height: 0 };
  if (!width) return 255;
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(video, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  let sum = 0;
  for (let at = 0; at < data.length; at += 4) sum += 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
  return sum / (width * height);
}

const jpeg = canvas => canvas.toDataURL('image/jpeg', QUALITY).split(',')[1]
  .replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

function start(form) {
  const video = form.querySelector('video');
  const begin = form.querySelector('[data-start]'), shoot = form.querySelector('[data-shoot]');
  const status = form.querySelector('[role=status]'), ring = form.querySelector('.ring'), arc = form.querySelector('.arc');
  const round = 2 * Math.PI * arc.r.baseVal.value;
  let busy = false, watch = 0;

  const say = (words, tone) => {
    if (status.textContent !== words) status.textContent = words;
    ring.classList.toggle('warn', tone === 'warn');
    ring.classList.toggle('ok', tone === 'ok');
  };
  const show = taken => arc.setAttribute('stroke-dasharray', `${round * taken / FRAMES} ${round}`);
  const look = () => {
    if (!busy) brightness(video) < DARK ? say(form.dataset.dark, 'warn') : say(form.dataset.ready);
  };
  const stop = () => {
    clearInterval(watch);
    video.srcObject?.getTracks().forEach(track => track.stop());
  };

  begin.addEventListener('click', async () => {
    begin.disabled = true;
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'user', width: { ideal: 1280 } }, audio: false });
      await video.play();
    } catch {
      begin.disabled = false;
      say(form.dataset.none, 'warn');
      return;
    }
    form.classList.add('live');
    begin.hidden = true;
    shoot.hidden = false;
    shoot.focus();
    look();
    watch = setInterval(look, 700);
  });

  shoot.addEventListener('click', async () => {
    busy = shoot.disabled = true;
    say(form.dataset.hold);
    for (let taken = 1; taken <= FRAMES; taken++) {
      await wait(GAP);
      form.elements[`frame${taken}`].value = jpeg(picture(video));
      show(taken);
    }
    say(form.dataset.sending, 'ok');
    stop();
    form.submit();
  });

  addEventListener('pagehide', stop);
  show(0);
  form.hidden = false;
}

if (navigator.mediaDevices?.getUserMedia) document.querySelectorAll('form[data-camera]').forEach(start);
