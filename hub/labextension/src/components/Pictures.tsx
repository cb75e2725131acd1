import * as React from 'react';

import type { IPictures } from '../api';
import type { Say } from '../texts';

const SHOWN = 6;
// Only what a page shows as a picture and as nothing else; an SVG opened by its address is a document with scripts.
const PICTURE = /\.(png|jpe?g|gif|webp)$/i;

/** The pictures that a run and its scoring have left: curves, heat maps. */
export function Pictures({ pictures, say }: { pictures: IPictures; say: Say }): JSX.Element | null {
  const [all, setAll] = React.useState(false);
  const images = pictures.artifacts.filter(one => PICTURE.test(one.filename) && one.url.startsWith('/'));
  if (images.length === 0) {
    return null;
  }
  return (
    <section aria-label={say('Pictures')}>
      <h3>{say('Pictures')}</h3>
      <div className="lb-Pictures">
        {images.slice(0, all ? images.length : SHOWN).map(image => (
          <figure key={image.filename}>
            <a href={image.url} target="_blank" rel="noopener noreferrer">
              <img src={image.url} alt={image.filename} loading="lazy" />
            </a>
            <figcaption title={image.filename}>{image.filename.split('/').pop()}</figcaption>
          </figure>
        ))}
      </div>
      {!all && images.length > SHOWN && (
        <button type="button" className="lb-Button" onClick={() => setAll(true)}>
          {say('Show all {count}', { count: images.length })}
        </button>
      )}
    </section>
  );
}
